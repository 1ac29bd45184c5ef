//! Builds spreadsheets for tests: XLSX with a library, ODS and malicious files by hand.

use std::io::Write;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use zip::{ZipWriter, write::SimpleFileOptions};

/// The content of a test cell.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Is<'a> {
    Text(&'a str),
    Number(f64),
    /// A real date, `YYYY-MM-DD`.
    Date(&'a str),
    /// A formula and its saved value.
    Formula(&'a str, &'a str),
}

/// Writes a table to a sheet: one row per line of `rows`, cells separated by bars.
pub(crate) fn write(sheet: &mut Worksheet, rows: &[&str]) {
    for (row, line) in rows.iter().enumerate() {
        for (column, text) in line.split('|').enumerate().filter(|(_, text)| !text.is_empty()) {
            put(sheet, row, column, Is::Text(text));
        }
    }
}

/// Writes one cell.
pub(crate) fn put(sheet: &mut Worksheet, row: usize, column: usize, is: Is<'_>) {
    let (row, column) = (u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
    match is {
        Is::Text(text) => sheet.write_string(row, column, text).unwrap(),
        Is::Number(number) => sheet.write_number(row, column, number).unwrap(),
        Is::Date(date) => {
            let format = Format::new().set_num_format("dd/mm/yyyy");
            let date = ExcelDateTime::parse_from_str(date).unwrap();
            sheet.write_datetime_with_format(row, column, &date, &format).unwrap()
        }
        Is::Formula(formula, value) => {
            let formula = Formula::new(formula).set_result(value);
            sheet.write_formula(row, column, formula).unwrap()
        }
    };
}

/// Returns a workbook with one sheet.
pub(crate) fn xlsx(rows: &[&str]) -> Vec<u8> {
    made(|sheet| write(sheet, rows))
}

/// Returns a workbook with one sheet that `with` fills.
pub(crate) fn made(with: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    with(book.add_worksheet().set_name("Residents").unwrap());
    book.save_to_buffer().unwrap()
}

/// Returns a ZIP file with these entries.
pub(crate) fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Returns a workbook with one entry replaced.
pub(crate) fn with_entry(book: &[u8], name: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut entries = Vec::new();
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).unwrap();
        let mut bytes = Vec::new();
        std::io::copy(&mut entry, &mut bytes).unwrap();
        let own = entry.name().unwrap().into_owned();
        if own == name {
            bytes = change(std::str::from_utf8(&bytes).unwrap()).into_bytes();
        }
        entries.push((own, bytes));
    }
    let entries: Vec<(&str, &[u8])> =
        entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    zipped(&entries)
}

/// Returns an ODS document around the XML of its tables.
pub(crate) fn ods(tables: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.3\">\
         <office:automatic-styles><style:style style:name=\"gone\" style:family=\"table\">\
         <style:table-properties table:display=\"false\"/></style:style></office:automatic-styles>\
         <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>\
         </office:document-content>"
    );
    let manifest = "<?xml version=\"1.0\"?><manifest:manifest \
         xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">\
         <manifest:file-entry manifest:full-path=\"/\" \
         manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>\
         </manifest:manifest>";
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", manifest.as_bytes()),
    ])
}

/// Returns the XML of an ODS row of text cells, separated by bars.
pub(crate) fn ods_row(line: &str) -> String {
    let cells: String = line.split('|').map(ods_text).collect();
    format!("<table:table-row>{cells}</table:table-row>")
}

/// Returns the XML of an ODS text cell.
pub(crate) fn ods_text(text: &str) -> String {
    if text.is_empty() {
        return "<table:table-cell/>".to_owned();
    }
    format!(
        "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
    )
}
