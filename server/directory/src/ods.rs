//! Streams ODS sheets.
//!
//! Our own reader rather than a library: the one we know loads every cell of a file at once, and a sheet can
//! repeat a row a million times in one line.

use std::io::{BufReader, Read, Seek};

use proto::limit::DIRECTORY_UNPACKED_BYTES_MAX;
use quick_xml::{
    Reader as Xml, XmlVersion,
    events::{BytesStart, Event},
};
use zip::ZipArchive;

use super::{
    book::{Gathering, Next, Reader},
    fault::Fault,
    guard::{self, Guarded},
};

/// Reads the sheets of an archive.
pub(super) fn read<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    reader: &mut dyn Reader,
) -> Result<(), Fault> {
    let content = archive.by_name("content.xml").map_err(|_| Fault::Damaged)?;
    let guarded = Guarded::new(content, DIRECTORY_UNPACKED_BYTES_MAX);
    let mut xml = Xml::from_reader(BufReader::with_capacity(64 * 1024, guarded));
    let mut sheet = Sheet::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = match xml.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(error)) => return Err(guard::fault(&error)),
            Err(_) => return Err(Fault::Damaged),
        };
        let next = match event {
            Event::Start(tag) => sheet.open(&tag, reader)?,
            Event::Empty(tag) => {
                sheet.open(&tag, reader)?;
                sheet.close(tag.name().as_ref(), reader)?
            }
            Event::End(tag) => sheet.close(tag.name().as_ref(), reader)?,
            Event::Text(text) => sheet.text(&text.xml10_content()),
            Event::GeneralRef(named) => sheet.text(&meaning(&named)?),
            Event::Eof => return Ok(()),
            Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => Next::Row,
        };
        match next {
            Next::Row => {}
            Next::Sheet => sheet.is_done = true,
            Next::End => return Ok(()),
        }
    }
}

/// Resolves a reference such as `&amp;`.
fn meaning(named: &quick_xml::events::BytesRef<'_>) -> Result<String, Fault> {
    if let Some(char) = named.resolve_char_ref().map_err(|_| Fault::Damaged)? {
        return Ok(char.to_string());
    }
    let known = quick_xml::escape::resolve_predefined_entity(named);
    known.map(str::to_owned).ok_or(Fault::Damaged)
}

/// The position of the reader in a sheet.
#[derive(Debug, Default)]
struct Sheet {
    gathering: Gathering,
    row: u32,
    row_repeats: u32,
    column: usize,
    cell: Option<Cell>,
    is_in_words: bool,
    /// The reader needs no more of this sheet.
    is_done: bool,
}

/// A cell while it is read.
#[derive(Debug)]
struct Cell {
    repeats: usize,
    /// The typed value of the cell, if it has one besides its displayed text.
    value: Option<String>,
    words: String,
}

impl Sheet {
    fn open(&mut self, tag: &BytesStart<'_>, reader: &mut dyn Reader) -> Result<Next, Fault> {
        match tag.name().as_ref() {
            "table:table" => {
                (self.row, self.is_done) = (0, false);
                reader.sheet();
            }
            "table:table-row" => {
                self.gathering.begin();
                self.row_repeats = repeats(tag, "table:number-rows-repeated")?;
                self.column = 0;
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let repeats = repeats(tag, "table:number-columns-repeated")?;
                let repeats = usize::try_from(repeats).unwrap_or(usize::MAX);
                self.cell = Some(Cell { repeats, value: value(tag)?, words: String::new() });
            }
            "text:p" => {
                if let Some(cell) = self.cell.as_mut()
                    && !cell.words.is_empty()
                {
                    cell.words.push('\n');
                }
                self.is_in_words = true;
            }
            "text:s" => {
                self.text(" ");
            }
            // An annotation is not part of the cell's text.
            "office:annotation" => self.is_in_words = false,
            _ => {}
        }
        Ok(Next::Row)
    }

    fn close(&mut self, tag: &str, reader: &mut dyn Reader) -> Result<Next, Fault> {
        match tag {
            "text:p" => self.is_in_words = false,
            "table:table-cell" | "table:covered-table-cell" => self.end_cell()?,
            "table:table-row" => return self.end_row(reader),
            _ => {}
        }
        Ok(Next::Row)
    }

    fn text(&mut self, words: &str) -> Next {
        if self.is_in_words
            && !self.is_done
            && let Some(cell) = self.cell.as_mut()
        {
            cell.words.push_str(words);
        }
        Next::Row
    }

    fn end_cell(&mut self) -> Result<(), Fault> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let words = cell.value.as_deref().unwrap_or(&cell.words);
        let columns = self.column..self.column.saturating_add(cell.repeats);
        self.column = columns.end;
        // Blank cells may be repeated a million times; only filled ones count.
        if words.is_empty() || self.is_done {
            return Ok(());
        }
        for column in columns {
            self.gathering.put(self.row.saturating_add(1), column, words)?;
        }
        Ok(())
    }

    fn end_row(&mut self, reader: &mut dyn Reader) -> Result<Next, Fault> {
        let first = self.row.saturating_add(1);
        self.row = self.row.saturating_add(self.row_repeats);
        if self.is_done {
            return Ok(Next::Row);
        }
        for row in first..=self.row {
            if self.gathering.is_blank() {
                break;
            }
            let next = self.gathering.give(row, reader)?;
            if next != Next::Row {
                return Ok(next);
            }
        }
        Ok(Next::Row)
    }
}

/// Returns the repeat count of a row or cell.
fn repeats(tag: &BytesStart<'_>, name: &str) -> Result<u32, Fault> {
    Ok(attribute(tag, name)?.and_then(|value| value.parse().ok()).unwrap_or(1))
}

/// Returns the typed value of a number, date or boolean cell; text has none.
fn value(tag: &BytesStart<'_>) -> Result<Option<String>, Fault> {
    let kind = attribute(tag, "office:value-type")?;
    let name = match kind.as_deref() {
        Some("float" | "percentage" | "currency") => "office:value",
        Some("date") => "office:date-value",
        Some("boolean") => "office:boolean-value",
        Some(_) | None => return Ok(None),
    };
    attribute(tag, name)
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Fault> {
    let found = tag.try_get_attribute(name).map_err(|_| Fault::Damaged)?;
    let Some(found) = found else { return Ok(None) };
    let value = found.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Fault::Damaged)?;
    Ok(Some(value.into_owned()))
}
