//! Walks the XML of a spreadsheet element by element. Entities are never expanded, and nesting deeper than in
//! any real spreadsheet is rejected.

use proto::limit::IMPORT_XML_DEPTH_MAX;
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::{error::Why, pace::Pace};

/// Events between checks for cancellation.
const EVENTS_A_LOOK: usize = 4096;

/// An event of the walk.
pub(super) enum Met<'a, 'b> {
    /// The start of an element.
    Open(&'b BytesStart<'a>),
    /// The end of an element, with its local name.
    Close(&'b str),
    /// Text between elements.
    Words,
}

/// Walks through XML. An empty element opens and closes.
pub(super) fn walk(
    text: &str,
    pace: Pace<'_>,
    mut each: impl FnMut(Met<'_, '_>) -> Result<(), Why>,
) -> Result<(), Why> {
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    let mut count = 0_usize;
    loop {
        if count.is_multiple_of(EVENTS_A_LOOK) {
            pace.go_on()?;
        }
        count = count.wrapping_add(1);
        match reader.read_event().map_err(|_| Why::Damaged)? {
            Event::Start(start) => {
                depth = depth.saturating_add(1);
                if depth > IMPORT_XML_DEPTH_MAX {
                    return Err(Why::Entities);
                }
                each(Met::Open(&start))?;
            }
            Event::Empty(start) => {
                each(Met::Open(&start))?;
                each(Met::Close(start.local_name().as_ref()))?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                each(Met::Close(end.local_name().as_ref()))?;
            }
            Event::Text(words) => {
                if !words.trim().is_empty() {
                    each(Met::Words)?;
                }
            }
            Event::CData(_) | Event::GeneralRef(_) => each(Met::Words)?,
            Event::DocType(_) => return Err(Why::Entities),
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err(Why::Damaged),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// Returns an attribute by its local name.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, Why> {
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| Why::Damaged)?;
        if attribute.key.local_name().as_ref() == name {
            let value =
                attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Why::Damaged)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// Parses a numeric attribute.
pub(super) fn number(start: &BytesStart<'_>, name: &str) -> Result<Option<u32>, Why> {
    let text = attribute(start, name)?;
    text.map(|text| text.trim().parse().map_err(|_| Why::Damaged)).transpose()
}

/// Returns whether a boolean attribute is set.
pub(super) fn is_set(start: &BytesStart<'_>, name: &str) -> Result<bool, Why> {
    Ok(attribute(start, name)?.is_some_and(|text| text == "1" || text == "true"))
}
