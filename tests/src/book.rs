//! Spreadsheet files built from rows of text, as other programs write them: with a sheet of notes
//! first, column names padded by blank cells, and blank rows repeated a thousand times.

use std::io::{Cursor, Write};

use zip::{ZipWriter, write::SimpleFileOptions};

/// Returns the cells of a CSV file without line breaks in its cells.
pub fn cells(csv: &str) -> Vec<Vec<String>> {
    csv.trim_start_matches('\u{FEFF}').lines().map(line).collect()
}

fn line(text: &str) -> Vec<String> {
    let (mut cells, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.trim_end_matches('\r').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

/// A file being zipped.
pub struct Packing(ZipWriter<Cursor<Vec<u8>>>);

impl Packing {
    pub fn new() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }

    pub fn begin(&mut self, name: &str) {
        self.0.start_file(name, SimpleFileOptions::default()).unwrap();
    }

    pub fn say(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).unwrap();
    }

    pub fn put(&mut self, name: &str, text: &str) {
        self.begin(name);
        self.say(text);
    }

    pub fn end(self) -> Vec<u8> {
        self.0.finish().unwrap().into_inner()
    }
}

impl Default for Packing {
    fn default() -> Self {
        Self::new()
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Returns whether a spreadsheet program reads this text as a number.
fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

/// Writes a row of an ODS sheet.
pub fn ods_row(out: &mut String, cells: &[String]) {
    out.push_str("<table:table-row>");
    for cell in cells {
        let words = escaped(cell);
        if cell.is_empty() {
            out.push_str("<table:table-cell/>");
        } else if is_number(cell) {
            let open = "<table:table-cell office:value-type=\"float\" office:value=";
            out.push_str(&format!(
                "{open}\"{words}\"><text:p>about {words}</text:p></table:table-cell>"
            ));
        } else if let Some((day, _)) = cell.split_once("T00:00:00") {
            let open = "<table:table-cell office:value-type=\"date\" office:date-value=";
            out.push_str(&format!("{open}\"{words}\"><text:p>{day}</text:p></table:table-cell>"));
        } else {
            let open = "<table:table-cell office:value-type=\"string\"><text:p>";
            out.push_str(&format!("{open}{words}</text:p></table:table-cell>"));
        }
    }
    out.push_str("<table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>");
}

/// The parts before and after the rows of an ODS document's sheet.
pub const ODS_HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content><office:body>\
    <office:spreadsheet><table:table table:name=\"README\"><table:table-row><table:table-cell \
    office:value-type=\"string\"><text:p>What this file is</text:p></table:table-cell></table:table-row>\
    </table:table><table:table table:name=\"HSCA_Active_Locations\">";
pub const ODS_FOOT: &str = "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell \
    table:number-columns-repeated=\"16384\"/></table:table-row></table:table></office:spreadsheet>\
    </office:body></office:document-content>";

/// Returns an ODS file with these rows on its second sheet.
pub fn ods(rows: &[Vec<String>]) -> Vec<u8> {
    let mut packing = Packing::new();
    packing.put("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
    packing.begin("content.xml");
    packing.say(ODS_HEAD);
    for row in rows {
        let mut out = String::new();
        ods_row(&mut out, row);
        packing.say(&out);
    }
    packing.say(ODS_FOOT);
    packing.end()
}

const XLSX_TYPES: &str = "<?xml version=\"1.0\"?><Types \
    xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" \
    ContentType=\"application/xml\"/></Types>";
const XLSX_ROOT: &str = "<?xml version=\"1.0\"?><Relationships \
    xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
    Target=\"xl/workbook.xml\"/></Relationships>";
const XLSX_BOOK: &str = "<?xml version=\"1.0\"?><workbook \
    xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
    <sheet name=\"README\" sheetId=\"1\" r:id=\"rId1\"/>\
    <sheet name=\"HSCA_Active_Locations\" sheetId=\"2\" r:id=\"rId2\"/></sheets></workbook>";
const XLSX_RELS: &str = "<?xml version=\"1.0\"?><Relationships \
    xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
    Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
    Target=\"worksheets/sheet2.xml\"/><Relationship Id=\"rId3\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" \
    Target=\"styles.xml\"/></Relationships>";
const XLSX_STYLES: &str = "<?xml version=\"1.0\"?><styleSheet \
    xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs count=\"2\">\
    <xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
pub const XLSX_HEAD: &str = "<?xml version=\"1.0\"?><worksheet \
    xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";
pub const XLSX_FOOT: &str = "</sheetData></worksheet>";

/// Returns the letters of a column, from 0.
fn letters(column: usize) -> String {
    let letter = |n: usize| char::from(b'A' + (n % 26) as u8);
    if column < 26 {
        letter(column).to_string()
    } else {
        format!("{}{}", letter(column / 26 - 1), letter(column))
    }
}

/// Writes a row of an XLSX sheet, by its number from 1.
pub fn xlsx_row(out: &mut String, number: usize, cells: &[String]) {
    out.push_str(&format!("<row r=\"{number}\">"));
    for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        let place = format!("{}{number}", letters(at));
        if is_number(cell) {
            out.push_str(&format!("<c r=\"{place}\"><v>{cell}</v></c>"));
        } else if let Some((day, _)) = cell.split_once("T00:00:00") {
            out.push_str(&format!("<c r=\"{place}\" s=\"1\"><v>{}</v></c>", serial(day)));
        } else {
            let words = escaped(cell);
            out.push_str(&format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{words}</t></is></c>"));
        }
    }
    out.push_str("</row>");
}

/// Returns a day's Excel serial number.
fn serial(day: &str) -> i64 {
    let parts: Vec<i64> = day.split('-').map(|part| part.parse().unwrap()).collect();
    let (year, month) =
        if parts[1] > 2 { (parts[0], parts[1]) } else { (parts[0] - 1, parts[1] + 12) };
    let days =
        365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + parts[2];
    // 30 December 1899, counted the same way.
    days - (365 * 1899 + 1899 / 4 - 1899 / 100 + 1899 / 400 + (153 * 9 + 2) / 5 + 30)
}

/// Begins an XLSX file: everything up to the rows of its second sheet.
pub fn xlsx_begin() -> Packing {
    let mut packing = Packing::new();
    packing.put("[Content_Types].xml", XLSX_TYPES);
    packing.put("_rels/.rels", XLSX_ROOT);
    packing.put("xl/workbook.xml", XLSX_BOOK);
    packing.put("xl/_rels/workbook.xml.rels", XLSX_RELS);
    packing.put("xl/styles.xml", XLSX_STYLES);
    let mut notes = XLSX_HEAD.to_owned();
    xlsx_row(&mut notes, 1, &["What this file is".to_owned()]);
    packing.put("xl/worksheets/sheet1.xml", &format!("{notes}{XLSX_FOOT}"));
    packing.begin("xl/worksheets/sheet2.xml");
    packing.say(XLSX_HEAD);
    packing
}

/// Returns an XLSX file with these rows on its second sheet.
pub fn xlsx(rows: &[Vec<String>]) -> Vec<u8> {
    let mut packing = xlsx_begin();
    for (row, number) in rows.iter().zip(1..) {
        let mut out = String::new();
        xlsx_row(&mut out, number, row);
        packing.say(&out);
    }
    packing.say(XLSX_FOOT);
    packing.end()
}
