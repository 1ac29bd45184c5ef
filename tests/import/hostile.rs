//! Malicious files, and files that are not lists: each is refused with a message, using little time and
//! memory.

use std::fmt::Write as _;

use proto::limit::{IMPORT_CELLS_MAX, IMPORT_COLUMNS_MAX, IMPORT_ENTRIES_MAX};

use super::{
    plan,
    workbook::{Is, made, ods, put, with_entry, xlsx, zipped},
};

const LIST: [&str; 2] = ["Room|Surname|D.O.B", "1|Ellis|03/04/1938"];
const SHEET: &str = "xl/worksheets/sheet1.xml";

fn refused(bytes: &[u8], words: &str) {
    let told = plan(bytes).unwrap_err().to_string();
    assert!(told.contains(words), "{told}");
}

#[test]
fn a_decompression_bomb_is_refused_by_its_real_size_not_its_declared_one() {
    let zeros = vec![b' '; 30 * 1024 * 1024];
    refused(&zipped(&[("xl/workbook.xml", &zeros)]), "far too large when it is unpacked");
    // The directory understates the size: the decompressed bytes count.
    let mut lying = zipped(&[("xl/workbook.xml", &zeros)]);
    let real = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    let places: Vec<usize> =
        (0..lying.len() - 3).filter(|at| lying[*at..*at + 4] == real).collect();
    assert!(!places.is_empty());
    for at in places {
        lying[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
    }
    assert!(plan(&lying).is_err());
    // Each of these is below the limit of one entry, and compresses no better than a real list.
    let block: Vec<u8> = (0..1_024_u32)
        .map(|n| b'a' + u8::try_from((n.wrapping_mul(2_654_435_761) >> 13) % 26).unwrap())
        .collect();
    let part = block.repeat(17 * 1024);
    let names: Vec<String> = (0..4).map(|n| format!("xl/part{n}.xml")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), part.as_slice())).collect();
    refused(&zipped(&parts), "far too large when it is unpacked");
    refused(&zipped(&parts[..3]), "is damaged");
}

#[test]
fn a_file_of_very_many_parts_is_refused() {
    let names: Vec<String> = (0..=IMPORT_ENTRIES_MAX).map(|n| format!("{n}.txt")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b""[..])).collect();
    refused(&zipped(&entries), "more than 1000 parts");
}

#[test]
fn entities_are_never_expanded_and_nesting_is_limited() {
    let book = xlsx(&LIST);
    let laughs = with_entry(&book, "xl/workbook.xml", |xml| {
        let entities = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
        xml.replacen("<workbook", &format!("{entities}<workbook"), 1)
    });
    refused(&laughs, "not safe to read");
    let deep = with_entry(&book, SHEET, |xml| {
        let (open, close) = ("<x>".repeat(10_000), "</x>".repeat(10_000));
        xml.replacen("<sheetData>", &format!("{open}{close}<sheetData>"), 1)
    });
    refused(&deep, "not safe to read");
}

#[test]
fn a_sheets_declared_size_never_allocates_memory() {
    let book = xlsx(&LIST);
    let strings = with_entry(&book, "xl/sharedStrings.xml", |xml| {
        let from = xml.find("uniqueCount=\"").unwrap() + "uniqueCount=\"".len();
        let to = from + xml[from..].find('"').unwrap();
        format!("{}4000000000{}", &xml[..from], &xml[to..])
    });
    refused(&strings, "far too large");
    let wide = with_entry(&book, SHEET, |xml| {
        xml.replace(
            "</sheetData>",
            "<row r=\"1048576\"><c r=\"A1048576\"><v>1</v></c></row></sheetData>",
        )
    });
    refused(&wide, "there is something in row 1048576");
    let far = made(|sheet| put(sheet, 0, IMPORT_COLUMNS_MAX, Is::Text("x")));
    refused(&far, "row 1 has more than 100 columns");
    let cell = |rows: u32, columns: u32| {
        ods(&format!(
            "<table:table table:name=\"a\"><table:table-row table:number-rows-repeated=\"{rows}\">\
             <table:table-cell office:value-type=\"string\" \
             table:number-columns-repeated=\"{columns}\"><text:p>x</text:p></table:table-cell>\
             </table:table-row></table:table>"
        ))
    };
    refused(&cell(1_048_576, 1), "there is something in row 1048576");
    refused(&cell(1, 16_384), "more than 100 columns");
    refused(&cell(19_000, 100), &IMPORT_CELLS_MAX.to_string());
}

#[test]
fn a_million_rows_are_refused() {
    let mut xml = String::new();
    for row in 2..=200_000 {
        write!(xml, "<row r=\"{row}\"><c r=\"A{row}\"><v>{row}</v></c></row>").unwrap();
    }
    let long = with_entry(&xlsx(&LIST), SHEET, |sheet| {
        sheet.replace("</sheetData>", &format!("{xml}</sheetData>"))
    });
    refused(&long, "a list must end above row 20000");
}

#[test]
fn a_locked_or_old_file_is_refused_with_what_to_do() {
    let ole = |name: &str| {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.extend(vec![0; 600]);
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes.extend(vec![0; 600]);
        bytes
    };
    refused(&ole("EncryptedPackage"), "save it without a password");
    refused(&ole("Workbook"), "save it as .xlsx");
    refused(&zipped(&[("xl/workbook.bin", b"x")]), "save it as .xlsx");
    let locked = ods("<table:table table:name=\"a\"/>");
    let locked = with_entry(&locked, "META-INF/manifest.xml", |xml| {
        xml.replace("</manifest:manifest>", "<manifest:encryption-data/></manifest:manifest>")
    });
    refused(&locked, "save it without a password");
}

#[test]
fn a_file_that_is_not_a_spreadsheet_is_named() {
    let mut random = b"PK\x03\x04".to_vec();
    random.extend((0..4_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3]));
    refused(&random, "is damaged");
    refused(&zipped(&[("word/document.xml", b"<a/>")]), "is a document");
    refused(&zipped(&[("Index/Document.iwa", b"x")]), "an Apple Numbers file");
    refused(&zipped(&[("list.csv", b"Room,Name\n1,Ellis\n")]), "a zipped folder");
    let cut = xlsx(&LIST);
    refused(&cut[..cut.len() / 2], "is damaged");
    refused(&made(|_| ()), "the file is empty");
    let mut hidden = rust_xlsxwriter::Workbook::new();
    hidden.add_worksheet();
    let hidden = hidden.save_to_buffer().unwrap();
    let hidden = with_entry(&hidden, "xl/workbook.xml", |xml| {
        xml.replace("<sheet name", "<sheet state=\"hidden\" name")
    });
    refused(&hidden, "every sheet of the file is hidden");
}

#[test]
fn no_corrupt_spreadsheet_causes_a_panic() {
    let good = xlsx(&LIST);
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut draw = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for _ in 0..100 {
        let mut bytes = good.clone();
        for _ in 0..=draw(8) {
            let at = draw(bytes.len());
            bytes[at] = u8::try_from(draw(256)).unwrap();
        }
        if let Ok(plan) = plan(&bytes) {
            assert!(!plan.report().is_empty());
        }
    }
    // The same inside the XML, where the ZIP checksum does not catch it.
    for _ in 0..100 {
        let (at, byte) = (draw(600), u8::try_from(33 + draw(90)).unwrap());
        let bytes = with_entry(&good, SHEET, |xml| {
            let mut xml: Vec<char> = xml.chars().collect();
            let at = at % xml.len();
            xml[at] = char::from(byte);
            xml.into_iter().collect()
        });
        if let Ok(plan) = plan(&bytes) {
            assert!(!plan.report().is_empty());
        }
    }
}
