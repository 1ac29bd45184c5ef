//! Writes a spreadsheet: real dates, text as text, a frozen header row.

use jiff::civil::{Date, DateTime};
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{cell::Cell, column::Column, error::Error, when::When};

/// Maximum length of a spreadsheet cell, in UTF-16 units.
const CELL_UNITS_MAX: usize = 32_767;
/// The first year of a spreadsheet's calendar.
const FIRST_YEAR: i16 = 1900;
/// The last one.
const LAST_YEAR: i16 = 9999;

/// The second sheet, which describes the export.
#[derive(Debug, Clone)]
pub(crate) struct About {
    /// Lines of a label and a value.
    pub(crate) lines: Vec<(&'static str, String)>,
}

/// The cell formats.
struct Forms {
    head: Format,
    text: Format,
    day: Format,
    at: Format,
}

impl Forms {
    fn new() -> Self {
        let body = Format::new().set_align(FormatAlign::Top);
        Self {
            head: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top),
            // Text format, so that a later edit never turns an identifier into a number.
            text: body.clone().set_num_format("@").set_text_wrap(),
            day: body.clone().set_num_format("dd/mm/yyyy"),
            at: body.set_num_format("dd/mm/yyyy hh:mm"),
        }
    }
}

/// Writes the rows; `named` identifies the row if a cell is too long.
pub(crate) fn sheet<T>(
    title: &str,
    columns: &[Column<T>],
    rows: &[T],
    named: fn(&T) -> String,
    when: &When,
    about: &About,
) -> Result<Vec<u8>, Error> {
    let forms = Forms::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(title)?;
    sheet.set_freeze_panes(1, 2)?;
    let last = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    for (at, column) in (0_u16..).zip(columns) {
        sheet.set_column_width(at, column.width)?;
        sheet.write_string_with_format(0, at, column.head, &forms.head)?;
        for (row, line) in (1_u32..).zip(rows) {
            let cell = (column.cell)(line);
            fits(&cell, || named(line), column.head)?;
            put(sheet, &forms, when, (row, at), &cell)?;
        }
    }
    if let Some(wide) = u16::try_from(columns.len()).ok().and_then(|wide| wide.checked_sub(1)) {
        sheet.autofilter(0, 0, last, wide)?;
    }
    let second = book.add_worksheet().set_name("About")?;
    second.set_column_width(0, 20)?.set_column_width(1, 70)?;
    for (row, (name, words)) in (0_u32..).zip(&about.lines) {
        second.write_string_with_format(row, 0, *name, &forms.head)?;
        second.write_string_with_format(row, 1, words, &forms.text)?;
    }
    Ok(book.save_to_buffer()?)
}

/// Rejects a cell that would have to be truncated.
fn fits(cell: &Cell, whose: impl Fn() -> String, column: &'static str) -> Result<(), Error> {
    let Cell::Text(words) = cell else { return Ok(()) };
    let chars = words.encode_utf16().count();
    if chars <= CELL_UNITS_MAX {
        return Ok(());
    }
    Err(Error::TooLong { whose: whose(), column, chars, most: CELL_UNITS_MAX })
}

fn put(
    sheet: &mut Worksheet,
    forms: &Forms,
    when: &When,
    (row, column): (u32, u16),
    cell: &Cell,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(words) => {
            sheet.write_string_with_format(row, column, words, &forms.text)?;
        }
        Cell::Number(number) => {
            sheet.write_string_with_format(row, column, number.to_string(), &forms.text)?;
        }
        Cell::Day(day) => {
            let date = day.as_str().parse::<Date>().ok().map(DateTime::from);
            dated(sheet, (row, column), (date, &forms.day), day.as_str(), &forms.text)?;
        }
        Cell::At(time) => {
            let (clock, words) = (when.clock(*time), when.iso(*time));
            dated(sheet, (row, column), (Some(clock), &forms.at), &words, &forms.text)?;
        }
    }
    Ok(())
}

/// Writes a date as a date, or as text if a spreadsheet's calendar does not cover it.
fn dated(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    (date, form): (Option<DateTime>, &Format),
    words: &str,
    text: &Format,
) -> Result<(), XlsxError> {
    match date.filter(|date| (FIRST_YEAR..=LAST_YEAR).contains(&date.year())) {
        Some(date) => sheet.write_datetime_with_format(row, column, excel(date)?, form)?,
        None => sheet.write_string_with_format(row, column, words, text)?,
    };
    Ok(())
}

/// Converts a time to a spreadsheet's form.
fn excel(at: DateTime) -> Result<ExcelDateTime, XlsxError> {
    let part = |part: i8| u8::try_from(part).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    let (hour, minute) = (u16::from(part(at.hour())), part(at.minute()));
    ExcelDateTime::from_ymd(year, part(at.month()), part(at.day()))?.and_hms(
        hour,
        minute,
        f64::from(part(at.second())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx};
    use proto::{id::Time, text::BirthDate};

    /// A row: text, a birth date, a time.
    type Row = (String, &'static str, i64);

    const COLUMNS: &[Column<Row>] = &[
        Column { head: "words", width: 10, cell: |row| Cell::text(row.0.as_str()) },
        Column {
            head: "born",
            width: 10,
            cell: |row| BirthDate::parse(row.1).map_or(Cell::Empty, Cell::Day),
        },
        Column { head: "at", width: 10, cell: |row| Cell::At(Time(row.2)) },
    ];

    fn made(rows: &[Row]) -> Result<Vec<u8>, Error> {
        let about = About { lines: vec![("Taken by", "=cmd()".to_owned())] };
        sheet("People", COLUMNS, rows, |row| row.2.to_string(), &When::london(), &about)
    }

    fn cells(bytes: Vec<u8>) -> Vec<Vec<Data>> {
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        assert!(book.worksheet_formula("People").unwrap().is_empty(), "there is a formula");
        let range = book.worksheet_range("People").unwrap();
        range.rows().map(<[Data]>::to_vec).collect()
    }

    #[test]
    fn text_stays_text_and_dates_are_dates() {
        let noon_in_summer = 1_783_000_000_000;
        let odd = [
            "\u{FFFF}",
            "_x0041_",
            "=1+1",
            "+44 7700 900461",
            "0099",
            "\u{202E}x",
            "two\nlines",
            "<a>&\"'",
        ];
        let rows = odd.map(|words| (words.to_owned(), "1938-04-03", noon_in_summer));
        let read = cells(made(&rows).unwrap());
        for (row, words) in read[1..].iter().zip(odd) {
            assert_eq!(row[0], Data::String(words.to_owned()));
            let (Data::DateTime(born), Data::DateTime(at)) = (&row[1], &row[2]) else {
                panic!("{row:?}")
            };
            assert_eq!(born.to_ymd_hms_milli(), (1938, 4, 3, 0, 0, 0, 0));
            let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
            assert_eq!((year, month, day, hour, minute), (2026, 7, 2, 14, 46));
        }
    }

    #[test]
    fn a_date_before_1900_is_kept_as_text() {
        let rows = [("a".to_owned(), "1899-12-31", -4_000_000_000_000)];
        let read = cells(made(&rows).unwrap());
        assert_eq!(read[1][1], Data::String("1899-12-31".to_owned()));
        assert!(matches!(&read[1][2], Data::String(at) if at.starts_with("1843-")));
    }

    #[test]
    fn a_cell_that_is_too_long_is_an_error_and_never_truncated() {
        let long = |chars: usize| [("x".repeat(chars), "1938-04-03", 7)];
        for chars in [10_000, CELL_UNITS_MAX] {
            let read = cells(made(&long(chars)).unwrap());
            assert!(matches!(&read[1][0], Data::String(text) if text.len() == chars));
        }
        let words = made(&long(CELL_UNITS_MAX + 1)).unwrap_err().to_string();
        assert!(words.starts_with("7: words has 32768 characters"), "{words}");
        assert!(words.contains("CSV"));
        // Lengths count UTF-16 units: a house emoji is two.
        let houses = [("\u{1F3E0}".repeat(16_384), "1938-04-03", 7)];
        assert!(made(&houses).is_err());
    }

    #[test]
    fn an_empty_register_is_a_sheet_with_a_header_row() {
        let read = cells(made(&[]).unwrap());
        assert_eq!(read.len(), 1);
        assert_eq!(read[0][1], Data::String("born".to_owned()));
    }
}
