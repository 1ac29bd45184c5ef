//! Files that people really send, and unreadable files with their error messages.

use proto::limit::{IMPORT_BYTES_MAX, IMPORT_CELL_CHARS_MAX, IMPORT_COLUMNS_MAX, IMPORT_ROWS_MAX};

use super::{details, plan, row};

const LIST: &str = "Room,Surname,First name,D.O.B\n1,Llewellyn,Siân,13/09/1944\n";

fn refused(bytes: &[u8]) -> String {
    let told = plan(bytes).unwrap_err().to_string();
    assert!(told.starts_with("list.csv: "), "{told}");
    told
}

fn utf_16(order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{FEFF}{LIST}").encode_utf16().flat_map(order).collect()
}

#[test]
fn every_encoding_and_separator_gives_the_same_person() {
    let windows_1252: Vec<u8> = LIST.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for bytes in [
        LIST.as_bytes().to_vec(),
        format!("\u{FEFF}{LIST}").into_bytes(),
        windows_1252,
        utf_16(u16::to_le_bytes),
        utf_16(u16::to_be_bytes),
        LIST.replace(',', ";").into_bytes(),
        LIST.replace(',', "\t").into_bytes(),
        LIST.replace(',', "|").into_bytes(),
        LIST.replace('\n', "\r\n").into_bytes(),
        LIST.replace('\n', "\r").into_bytes(),
    ] {
        let plan = plan(&bytes).unwrap();
        assert_eq!(details(&plan, 2).name.as_ref().unwrap().as_str(), "Siân Llewellyn");
        assert_eq!(details(&plan, 2).date_of_birth.as_ref().unwrap().as_str(), "1944-09-13");
    }
}

#[test]
fn a_file_that_is_not_a_list_is_refused_with_the_reason() {
    for (bytes, words) in [
        (&b""[..], "the file is empty"),
        (b" \r\n\r\n", "the file is empty"),
        (b"PK\x03\x04\x14\x00", "is damaged"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "save it as .xlsx"),
        (b"Room,Surname\n1,El\0lis\n", "neither a spreadsheet nor a list"),
        (b"%PDF-1.7\n", "neither a spreadsheet nor a list"),
        (b"<html><table><tr><td>Room</td></tr></table>", "a web page"),
        (b"\xFF\xFER\x00\x00\xD8", "cannot be read"),
        (b"Room,Surname,First name\n", "there are no rows below it"),
        (b"1,Ellis,Mary\n2,Haddock,Doreen\n", "no row with column names"),
        (b"Room,Funding\n1,SF\n", "no column holds the names"),
        (b"Room,Surname\n1,\"Ellis\n", "never closed"),
        (b"Room,Surname\nTotal,\n", "there are no rows below it"),
    ] {
        let told = refused(bytes);
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn a_file_over_a_limit_names_the_limit() {
    let long = "x".repeat(IMPORT_CELL_CHARS_MAX + 1);
    let wide = ",".repeat(IMPORT_COLUMNS_MAX);
    for (bytes, words) in [
        (vec![b'x'; IMPORT_BYTES_MAX + 1], "larger than 10 MB"),
        (format!("Room,Surname\n{}", "1,Ellis\n".repeat(IMPORT_ROWS_MAX + 1)).into(), "5000 rows"),
        (format!("Room,Surname\n1,Ellis\n2{wide}\n").into(), "row 3 has more than 100 columns"),
        (format!("Room,Surname\n1,{long}\n").into(), "row 2 (line 2 of the file), column 2"),
        // Each row names two people.
        (
            format!("Room,Name\n{}", "1,Stan & Halina Wojcik\n".repeat(2_501)).into(),
            "more than 5000 people",
        ),
    ] {
        let told = refused(&bytes);
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn a_ragged_row_is_reported_by_row_and_line() {
    let told = refused(b"Room,Surname,Notes\n1,Ellis,\"two\nlines\"\n2,Haddock,Doreen,Mrs\n");
    assert!(
        told.contains("row 3 (line 4 of the file) has 4 cells, but there are 3 columns"),
        "{told}"
    );
}

#[test]
fn titles_above_the_header_are_skipped_and_rows_keep_their_numbers() {
    let text = "Harbour Rise,,,\nResidents at 21 May,,,\n\n";
    let plan = plan(format!("{text}{LIST}").as_bytes()).unwrap();
    assert_eq!(plan.table.header_row, 4);
    assert_eq!((row(&plan, 5).row, row(&plan, 5).line), (5, 5));
}

#[test]
fn columns_can_be_mapped_and_unmapped_ones_are_reported() {
    let text = b"Bed space,Who lives there,Shoe size\n1,Mrs Ivy Threadgold,6\n";
    assert!(refused(text).contains("no row with column names"));
    let maps = ["Bed space=room".to_owned(), "Who lives there=name".to_owned()];
    let sources = intake::plan::Sources {
        file_name: "list.csv",
        people: text,
        maps: &maps,
        ..Default::default()
    };
    let plan = intake::plan::Plan::read(super::room(), &sources).unwrap();
    assert_eq!(details(&plan, 2).name.as_ref().unwrap().as_str(), "Ivy Threadgold");
    assert!(details(&plan, 2).notes.as_ref().unwrap().as_str().contains("Title: Mrs"));
    assert_eq!(plan.mapping.unmapped().collect::<Vec<_>>(), ["Shoe size"]);
    assert!(plan.report().contains("Shoe size        NOT TAKEN"), "{}", plan.report());
}

#[test]
fn no_input_causes_a_panic() {
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut draw = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let alphabet = b"Room,Surname;\"\n\r\t|D.O.B 1938/04=&\xE2\x80\xAE\xFF\0";
    for _ in 0..1_000 {
        let mut bytes = if draw(3) == 0 { Vec::new() } else { LIST.as_bytes().to_vec() };
        for _ in 0..draw(60) {
            let at = draw(bytes.len() + 1);
            bytes.insert(at, alphabet[draw(alphabet.len())]);
        }
        if let Ok(plan) = plan(&bytes) {
            assert!(plan.people <= plan.rows_read * 2 && !plan.report().is_empty());
        }
    }
}
