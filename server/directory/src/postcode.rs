//! Locates postcodes offline; `postcodes/README.md` describes the source of the table.

use std::{collections::HashMap, io::Read, sync::LazyLock};

use super::{part::Spot, value};

/// The centre of each postcode sector and outward code of Great Britain, compressed with brotli.
const SECTORS: &[u8] = include_bytes!("../postcodes/sectors.tsv.br");
/// The radius of the Earth in miles.
const EARTH_MILES: f64 = 3958.8;

static TABLE: LazyLock<HashMap<String, Spot>> = LazyLock::new(table);

/// Why a postcode has no location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Lost {
    /// Not a postcode.
    #[error("That is not a postcode. Write one such as PO7 5AB, or its first half.")]
    NoPostcode,
    /// Northern Ireland.
    #[error(
        "Distances to places in Northern Ireland are not available here. Search by words instead."
    )]
    NorthernIreland,
    /// Guernsey, Jersey, the Isle of Man.
    #[error("Distances to the islands are not available here. Search by words instead.")]
    Islands,
    /// Well-formed but unknown.
    #[error("There is no such postcode on the map. Check it, or give its first half alone.")]
    Unknown,
}

/// Parses the table; it is compiled in, and a test parses all of it.
fn table() -> HashMap<String, Spot> {
    let mut text = String::new();
    let read = brotli::Decompressor::new(SECTORS, 4096).read_to_string(&mut text);
    if let Err(error) = read {
        tracing::error!(%error, "cannot parse the table of postcodes");
    }
    let mut table = HashMap::new();
    for line in text.lines() {
        place(line, &mut table);
    }
    table
}

/// Parses an outward code and its sectors: `PO7`, thousandths of degrees north and east, then the digit and
/// offset of each sector.
fn place(line: &str, table: &mut HashMap<String, Spot>) -> Option<()> {
    let mut cells = line.split('\t');
    let outward = cells.next()?;
    let middle = Spot { north: cells.next()?.parse().ok()?, east: cells.next()?.parse().ok()? };
    table.insert(outward.to_owned(), middle);
    for cell in cells {
        let mut parts = cell.split(' ');
        let digit = parts.next()?;
        let north = middle.north + parts.next()?.parse::<i32>().ok()?;
        let east = middle.east + parts.next()?.parse::<i32>().ok()?;
        table.insert(format!("{outward} {digit}"), Spot { north, east });
    }
    Some(())
}

/// Locates a postcode, a sector or an outward code.
pub(super) fn locate(text: &str) -> Result<Spot, Lost> {
    let letters: String =
        text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    if let Some(postcode) = value::postcode(&letters) {
        let sector = postcode.get(..postcode.len() - 2).unwrap_or_default();
        let outward = postcode.split(' ').next().unwrap_or_default();
        return TABLE.get(sector).or_else(|| TABLE.get(outward)).copied().ok_or(reason(&postcode));
    }
    // `PO7 5` is a sector; without the space, `PO75` is neither.
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
    let outward = words.split(' ').next().unwrap_or_default();
    if !letters.is_ascii() || !value::is_outward(outward) {
        return Err(Lost::NoPostcode);
    }
    TABLE.get(&words).or_else(|| TABLE.get(outward)).copied().ok_or(reason(outward))
}

fn reason(postcode: &str) -> Lost {
    let area: String = postcode.chars().take_while(char::is_ascii_alphabetic).collect();
    match area.as_str() {
        "BT" => Lost::NorthernIreland,
        "GY" | "JE" | "IM" => Lost::Islands,
        _ => Lost::Unknown,
    }
}

/// Returns the straight-line distance in miles.
pub(super) fn miles(from: Spot, to: Spot) -> f64 {
    let radians = |thousandths: i32| f64::from(thousandths) / 1000.0 * std::f64::consts::PI / 180.0;
    let north = (radians(to.north) - radians(from.north)) / 2.0;
    let east = (radians(to.east) - radians(from.east)) / 2.0;
    let flat = radians(from.north).cos() * radians(to.north).cos();
    let part = north.sin().powi(2) + flat * east.sin().powi(2);
    2.0 * EARTH_MILES * part.sqrt().asin()
}

/// Rounds miles for display.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::as_conversions,
    reason = "clamped to what fits"
)]
pub(super) fn shown(miles: f64) -> u16 {
    miles.round().clamp(0.0, f64::from(u16::MAX)) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_every_sector_of_great_britain() {
        let sectors = TABLE.keys().filter(|key| key.contains(' ')).count();
        assert_eq!((sectors, TABLE.len() - sectors), (12_008, 2_996));
        for spot in TABLE.values() {
            assert!((49_800..61_000).contains(&spot.north) && (-8_700..1_800).contains(&spot.east));
        }
    }

    #[test]
    fn distances_are_those_of_the_map() {
        let between = |a: &str, b: &str| miles(locate(a).unwrap(), locate(b).unwrap());
        // Leeds to Manchester is 57.5 km by the grid.
        assert!((between("LS1", "M1") * 1.609_344 - 57.5).abs() < 0.5);
        assert!((between("SW1A 1AA", "EH1 1AA") - 331.0).abs() < 3.0);
        assert!(between("PO7 5AB", "PO7 5ZZ") < 0.01);
        assert_eq!((shown(0.4), shown(4.5), shown(1e9)), (0, 5, u16::MAX));
    }

    #[test]
    fn a_postcode_may_be_typed_whole_or_as_its_first_half() {
        let whole = locate("po75ab").unwrap();
        assert_eq!(locate("PO7 5"), Ok(whole));
        assert_eq!(locate(" PO7 5AB "), Ok(whole));
        assert_ne!(locate("PO7"), Ok(whole));
        // A sector added since the table was made resolves to its outward code.
        assert_eq!(locate("PO7 0ZZ"), locate("PO7"));
    }

    #[test]
    fn a_postcode_that_cannot_be_located_says_why() {
        for (text, why) in [
            ("", Lost::NoPostcode),
            ("Harbour", Lost::NoPostcode),
            ("7PO 5AB", Lost::NoPostcode),
            ("BT1 1AA", Lost::NorthernIreland),
            ("je2 3aa", Lost::Islands),
            ("GY1", Lost::Islands),
            ("ZZ9 9ZZ", Lost::Unknown),
        ] {
            assert_eq!(locate(text), Err(why), "{text}");
        }
    }
}
