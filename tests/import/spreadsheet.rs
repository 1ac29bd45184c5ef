//! Spreadsheets as homes send them: the choice of sheet, rows and cells, and the report about each.

use demo::harbour_rise;
use intake::{
    mapping::Because,
    people::{Fate, Kind},
    plan::{Plan, Sources},
    table::{Form, Layout},
};
use proto::register::OpenQuestion;

use super::{
    details, plan, questions, room, row, rows_with,
    workbook::{Is, made, ods, ods_row, ods_text, put, with_entry, write, xlsx},
};

const LIST: [&str; 3] = [
    "Room|Surname|First name|D.O.B|NHS No.",
    "1|Ellis|Margaret|03/04/1938|999 823 4328",
    "2|Haddock|Doreen|02/11/1934|999 131 5659",
];

/// Plans a file in the year 2026.
pub(crate) fn read(people: &[u8], layout: Layout) -> Plan {
    let sources =
        Sources { file_name: "list.xlsx", people, layout, this_year: 2026, ..Sources::default() };
    Plan::read(room(), &sources).unwrap()
}

fn names(plan: &Plan) -> Vec<String> {
    let name = |fate: &Fate| match fate {
        Fate::Taken { details, .. } | Fate::Merged { details, .. } => details.name.clone(),
        Fate::NotAPerson { .. } => None,
    };
    plan.rows.iter().filter_map(|row| name(&row.fate)).map(|n| n.as_str().to_owned()).collect()
}

fn nobody(plan: &Plan) -> Vec<(usize, &'static str)> {
    let why = |fate: &Fate| match fate {
        Fate::NotAPerson { why } => Some(*why),
        Fate::Taken { .. } | Fate::Merged { .. } => None,
    };
    plan.rows.iter().filter_map(|row| why(&row.fate).map(|why| (row.row, why))).collect()
}

/// The acceptance day's list as a workbook with text cells.
pub(crate) fn harbour_rise() -> Vec<u8> {
    let text = std::str::from_utf8(harbour_rise::PEOPLE).unwrap();
    let csv = super::plan(text.as_bytes()).unwrap();
    made(|sheet| {
        for (column, cell) in csv.table.header.iter().enumerate() {
            put(sheet, 0, column, Is::Text(cell.as_str()));
        }
        for row in &csv.table.rows {
            for (column, cell) in row.cells.iter().enumerate().filter(|(_, c)| !c.is_blank()) {
                put(sheet, row.row - 1, column, Is::Text(cell.as_str()));
            }
        }
    })
}

#[test]
fn t05_the_list_as_a_workbook_gives_the_same_62_people() {
    let book = harbour_rise();
    let of = |people: &[u8]| {
        let sources = Sources {
            file_name: "people.csv",
            people,
            decisions: Some(harbour_rise::DECISIONS),
            council: Some(harbour_rise::COUNCIL),
            ..Sources::default()
        };
        Plan::read(room(), &sources).unwrap()
    };
    let (csv, xlsx) = (of(harbour_rise::PEOPLE), of(&book));
    assert_eq!((xlsx.rows_read, xlsx.people_rows, xlsx.people), (63, 63, 62));
    for at in 2..=64 {
        assert_eq!(details(&xlsx, at), details(&csv, at), "row {at}");
        assert_eq!(questions(&xlsx, at), questions(&csv, at), "row {at}");
    }
}

#[test]
fn titles_are_skipped_and_two_line_headings_are_joined() {
    let book = made(|sheet| {
        write(
            sheet,
            &["", "", "Room|Resident||Next of kin||", "|Surname|First name|Name|Relation|Tel"],
        );
        let format = rust_xlsxwriter::Format::new();
        sheet.merge_range(0, 0, 0, 5, "Lantern Court: residents", &format).unwrap();
        sheet.merge_range(2, 0, 3, 0, "Room", &format).unwrap();
        sheet.merge_range(2, 1, 2, 2, "Resident", &format).unwrap();
        sheet.merge_range(2, 3, 2, 5, "Next of kin", &format).unwrap();
        let person = ["4", "Ellis", "Margaret", "Robert Ellis", "son", "07700 900123"];
        for (column, text) in person.iter().enumerate() {
            put(sheet, 4, column, Is::Text(text));
        }
    });
    let plan = read(&book, Layout::default());
    assert_eq!((plan.table.header_row, plan.table.rows_above), (4, 1));
    let of = details(&plan, 5);
    assert_eq!(of.name.as_ref().unwrap().as_str(), "Margaret Ellis");
    assert_eq!(of.bedroom.as_ref().unwrap().as_str(), "4");
    let kin = of.next_of_kin.as_ref().unwrap();
    assert_eq!(kin.name.as_str(), "Robert Ellis");
    assert_eq!(kin.relation.as_ref().unwrap().as_str(), "son");
}

#[test]
fn two_line_headings_are_joined_in_text_files_too() {
    let text = b"Resident,,,Next of kin,\nRoom,Name,D.O.B,Name,Tel\n4,Margaret Ellis,03/04/1938,Robert Ellis,07700 900123\n";
    let plan = plan(text).unwrap();
    assert_eq!(details(&plan, 3).name.as_ref().unwrap().as_str(), "Margaret Ellis");
    assert_eq!(details(&plan, 3).next_of_kin.as_ref().unwrap().name.as_str(), "Robert Ellis");
}

#[test]
fn totals_footers_headings_and_blank_rows_are_counted_but_are_not_people() {
    let book = made(|sheet| {
        write(
            sheet,
            &[
                "Name|Room|D.O.B",
                "",
                "Margaret Ellis|1|03/04/1938",
                "",
                "Doreen Haddock|2|02/11/1934",
                "Total|2|",
                "Printed on 21 May 2026 by the office||",
                "Key: DN = district nurse||",
            ],
        );
        let format = rust_xlsxwriter::Format::new();
        sheet.merge_range(1, 0, 1, 2, "Ground floor", &format).unwrap();
    });
    let plan = read(&book, Layout::default());
    assert_eq!(names(&plan), ["Margaret Ellis", "Doreen Haddock"]);
    let remark = "is a heading or a remark";
    assert_eq!(nobody(&plan), [(2, remark), (6, "counts people"), (7, remark), (8, remark)]);
    assert_eq!((plan.rows_read, plan.people, plan.table.blank_rows), (6, 2, 1));
}

#[test]
fn the_sheet_with_the_list_is_read_and_hidden_sheets_are_only_reported() {
    let mut book = rust_xlsxwriter::Workbook::new();
    write(book.add_worksheet().set_name("Cover").unwrap(), &["Lantern Court", "Confidential"]);
    write(book.add_worksheet().set_name("Current").unwrap(), &LIST);
    let former = book.add_worksheet().set_name("Former").unwrap();
    write(former, &["Room|Surname|First name|D.O.B|NHS No.|Sex", "9|Gone|Ada|01/01/1930||F"]);
    former.set_hidden(true);
    let bytes = book.save_to_buffer().unwrap();
    let plan = read(&bytes, Layout::default());
    assert_eq!(names(&plan), ["Margaret Ellis", "Doreen Haddock"]);
    let Form::Book { sheet, sheets, has_macros, .. } = &plan.table.form else { panic!("no book") };
    let listed: Vec<_> = sheets.iter().map(|s| (s.name.as_str(), s.is_hidden, s.rows)).collect();
    assert_eq!(sheet, "Current");
    assert_eq!(listed, [("Cover", false, 2), ("Current", false, 3), ("Former", true, 2)]);
    assert!(!has_macros);
    assert!(plan.report().contains("NOT READ: the sheet \"Former\", hidden, 2 rows"));
    let chosen = Layout { sheet: Some("Former".to_owned()), ..Layout::default() };
    assert_eq!(names(&read(&bytes, chosen)), ["Ada Gone"]);
}

#[test]
fn hidden_rows_and_columns_are_reported_and_read_only_on_request() {
    let book = made(|sheet| {
        write(sheet, &LIST);
        sheet.set_row_hidden(2).unwrap();
        sheet.set_column_hidden(4).unwrap();
    });
    let plan = read(&book, Layout::default());
    assert_eq!(names(&plan), ["Margaret Ellis"]);
    assert_eq!(nobody(&plan), [(3, "is hidden in the spreadsheet, so it was left out")]);
    assert_eq!(plan.mapping.columns[4].because, Because::Hidden);
    assert!(details(&plan, 2).nhs_number.is_none());
    let all = Layout { take_hidden: true, ..Layout::default() };
    assert_eq!(names(&read(&book, all)), ["Margaret Ellis", "Doreen Haddock"]);
}

#[test]
fn date_cells_are_dates_in_either_date_system() {
    let book = made(|sheet| {
        write(sheet, &["Name|D.O.B", "Margaret Ellis|", "Doreen Haddock|"]);
        put(sheet, 1, 1, Is::Date("1938-04-03"));
        put(sheet, 2, 1, Is::Date("1934-11-02"));
    });
    let born =
        |plan: &Plan, at| details(plan, at).date_of_birth.as_ref().unwrap().as_str().to_owned();
    let plan = read(&book, Layout::default());
    assert_eq!((born(&plan, 2), born(&plan, 3)), ("1938-04-03".into(), "1934-11-02".into()));
    assert!(plan.rows.iter().all(|row| !row.both_ways), "a real date has one reading");
    // The same day counts in the 1904 date system.
    let later = with_entry(&book, "xl/workbook.xml", |xml| {
        assert!(xml.contains("<workbookPr "), "{xml}");
        xml.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
    });
    assert_eq!(born(&read(&later, Layout::default()), 2), "1942-04-04");
}

#[test]
fn numbers_keep_their_digits_and_a_lost_zero_is_reported() {
    let book = made(|sheet| {
        write(sheet, &["Name|NHS No.|Room|D.O.B", "Ada One", "Bea Two", "Cy Three", "Di Four"]);
        put(sheet, 1, 1, Is::Number(9_998_234_328.0));
        put(sheet, 2, 1, Is::Number(99_982_343.0 * 10.0 + 2.0));
        put(sheet, 3, 1, Is::Text("9.99E+09"));
        put(sheet, 4, 1, Is::Text("NHS: 999-131 5659"));
        put(sheet, 1, 2, Is::Number(12.0));
        put(sheet, 2, 3, Is::Number(13_973.0));
    });
    let plan = read(&book, Layout::default());
    assert_eq!(details(&plan, 2).nhs_number.as_ref().unwrap().as_str(), "9998234328");
    assert_eq!(details(&plan, 2).bedroom.as_ref().unwrap().as_str(), "12");
    assert_eq!(details(&plan, 5).nhs_number.as_ref().unwrap().as_str(), "9991315659");
    assert_eq!(rows_with(&plan, Kind::NhsNumber), [3, 4]);
    let told = |at| {
        let faults = &row(&plan, at).faults;
        faults.iter().find(|f| f.kind == Kind::NhsNumber).unwrap().what.clone()
    };
    assert!(told(3).contains("drops a 0") && told(4).contains("the digits are lost"));
    assert!(questions(&plan, 3).contains(&OpenQuestion::NhsNumber));
    let days = row(&plan, 3).faults.iter().find(|f| f.kind == Kind::BirthDate).unwrap();
    assert!(days.advice.contains("3 April 1938"), "{}", days.advice);
}

#[test]
fn the_value_of_a_formula_is_taken_and_reported() {
    let book = made(|sheet| {
        write(sheet, &["Name|Room|D.O.B", "|1|03/04/1938", "Doreen Haddock||02/11/1934"]);
        put(sheet, 1, 0, Is::Formula("=B9&\" Ellis\"", "Margaret Ellis"));
        put(sheet, 2, 1, Is::Formula("=1/0", "#DIV/0!"));
    });
    let plan = read(&book, Layout::default());
    assert_eq!(details(&plan, 2).name.as_ref().unwrap().as_str(), "Margaret Ellis");
    assert_eq!(rows_with(&plan, Kind::Formula), [2, 3]);
    let failed = row(&plan, 3).faults.iter().find(|f| f.kind == Kind::Formula).unwrap();
    assert!(failed.what.contains("failed"), "{}", failed.what);
}

#[test]
fn a_two_digit_year_is_read_only_if_one_century_is_possible() {
    let book =
        xlsx(&["Name|Room|D.O.B", "Ada One|1|03/04/38", "Bea Two|2|03/04/24", "Cy Three|3|3/4/99"]);
    let plan = read(&book, Layout::default());
    assert_eq!(details(&plan, 2).date_of_birth.as_ref().unwrap().as_str(), "1938-04-03");
    assert_eq!(details(&plan, 4).date_of_birth.as_ref().unwrap().as_str(), "1999-04-03");
    assert!(questions(&plan, 3).contains(&OpenQuestion::BirthDate), "a child, or 101 years old");
    assert_eq!(rows_with(&plan, Kind::Form), [2, 4]);
}

#[test]
fn names_and_bedrooms_are_read_as_homes_write_them() {
    let book = xlsx(&[
        "Resident|Room|D.O.B",
        "ELLIS, Margaret \"Peggy\"|Room 4|03/04/1938",
        "Mrs Doreen HADDOCK|12-14|02/11/1934",
        "Mr & Mrs Wojcik|7|18/04/1932 & 02/11/1934",
        "Ivy (known as Vi) Threadgold|1 to 5|28/02/1927",
    ]);
    let plan = read(&book, Layout::default());
    let all = ["Margaret ELLIS", "Doreen HADDOCK", "Mr Wojcik", "Mrs Wojcik", "Ivy Threadgold"];
    assert_eq!(names(&plan), all);
    assert_eq!(details(&plan, 2).known_as.as_ref().unwrap().as_str(), "Peggy");
    assert_eq!(details(&plan, 2).bedroom.as_ref().unwrap().as_str(), "4");
    assert_eq!(details(&plan, 5).known_as.as_ref().unwrap().as_str(), "Vi");
    assert_eq!(rows_with(&plan, Kind::Bedroom), [3, 5]);
    assert_eq!(details(&plan, 4).date_of_birth.as_ref().unwrap().as_str(), "1932-04-18");
    let ids: std::collections::BTreeSet<_> = plan.commands.iter().map(|c| c.id).collect();
    assert_eq!((ids.len(), plan.people), (5, 5), "each of a couple is somebody");
}

#[test]
fn funding_words_are_kept_and_raise_questions() {
    let book = xlsx(&[
        "Name|Funding",
        "Ada One|CHC",
        "Bea Two|FNC",
        "Cy Three|SF",
        "Di Four|LA top-up",
        "Ed Five|s117",
    ]);
    let plan = read(&book, Layout::default());
    for at in 2..=6 {
        assert!(questions(&plan, at).contains(&OpenQuestion::Funding), "row {at}");
        let funding = details(&plan, at).funding.as_ref().unwrap();
        assert!(funding.claimed_by_provider.is_some() && funding.source().is_none());
    }
}

#[test]
fn text_that_a_program_might_execute_stays_text() {
    let script = "<script>alert(1)</script>";
    let book = xlsx(&[
        "Name|Needs|Room",
        &format!("Ma\u{202E}ry El\u{200B}lis|{script}|1"),
        "Ada One|=HYPERLINK(\"http://example.test\")|2",
    ]);
    let plan = read(&book, Layout::default());
    assert_eq!(names(&plan)[0], "Mary Ellis");
    assert_eq!(rows_with(&plan, Kind::Text), [2]);
    assert_eq!(details(&plan, 2).needs.as_ref().unwrap().as_str(), script);
    assert!(details(&plan, 3).needs.as_ref().unwrap().as_str().starts_with("=HYPERLINK"));
    assert!(rows_with(&plan, Kind::Formula).is_empty(), "words are no formula");
}

#[test]
fn a_very_long_cell_is_reported_and_other_cells_are_unaffected() {
    let long = "x".repeat(10_000);
    let book = xlsx(&["Name|Needs|Room", &format!("Ada One|{long}|1"), "Bea Two|Hoist|2"]);
    let plan = read(&book, Layout::default());
    assert_eq!(rows_with(&plan, Kind::Text), [2, 2]);
    let whats: Vec<_> = row(&plan, 2).faults.iter().map(|fault| fault.what.as_str()).collect();
    assert!(whats.iter().any(|what| what.contains("the end is left out")), "{whats:?}");
    assert_eq!(details(&plan, 3).needs.as_ref().unwrap().as_str(), "Hoist");
}

#[test]
fn unnamed_columns_are_recognised_by_their_contents() {
    let book = xlsx(&[
        "Room|Surname|?|ref",
        "1|Ellis|03/04/1938|999 823 4328",
        "2|Haddock|02/11/1934|999 131 5659",
        "3|Wimpole|12/09/1931|999 592 9848",
    ]);
    let plan = read(&book, Layout::default());
    let because: Vec<_> = plan.mapping.columns.iter().map(|column| column.because).collect();
    assert_eq!(because[2..], [Because::Contents, Because::Contents]);
    assert!(details(&plan, 2).nhs_number.is_some() && details(&plan, 2).date_of_birth.is_some());
}

#[test]
fn an_ods_document_is_read_like_a_workbook() {
    let date = "<table:table-cell office:value-type=\"date\" office:date-value=\"1938-04-03\">\
                <text:p>03/04/38</text:p></table:table-cell>";
    let number = "<table:table-cell office:value-type=\"float\" office:value=\"9998234328\" \
                  table:formula=\"of:=[.A1]\"><text:p>9.99E+09</text:p></table:table-cell>";
    let hidden = "<table:table-row table:visibility=\"collapse\">";
    let document = ods(&format!(
        "<table:table table:name=\"Old\" table:style-name=\"gone\">{}{}</table:table>\
         <table:table table:name=\"Now\">{}<table:table-row>{}{date}{number}</table:table-row>\
         {hidden}{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048000\">\
         <table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row></table:table>",
        ods_row("Room|Surname|First name|D.O.B|NHS No.|Sex"),
        ods_row("9|Gone|Ada|01/01/1930||F"),
        ods_row("Room|Name|D.O.B|NHS No."),
        ods_text("1") + &ods_text("Margaret O&#39;Ellis"),
        ods_text("2") + &ods_text("Doreen Haddock"),
    ));
    let plan = read(&document, Layout::default());
    assert_eq!(names(&plan).len(), 1);
    let of = details(&plan, 2);
    assert_eq!(of.date_of_birth.as_ref().unwrap().as_str(), "1938-04-03");
    assert_eq!(of.nhs_number.as_ref().unwrap().as_str(), "9998234328");
    assert_eq!(rows_with(&plan, Kind::Formula), [2]);
    assert_eq!(nobody(&plan), [(3, "is hidden in the spreadsheet, so it was left out")]);
    let Form::Book { sheet, sheets, .. } = &plan.table.form else { panic!("no book") };
    assert_eq!((sheet.as_str(), sheets[0].is_hidden), ("Now", true));
}

#[test]
fn a_workbook_with_macros_is_read_as_data_and_reported() {
    let plain = xlsx(&LIST);
    let mut entries = Vec::new();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&plain)).unwrap();
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).unwrap();
        let mut bytes = Vec::new();
        std::io::copy(&mut entry, &mut bytes).unwrap();
        entries.push((entry.name().unwrap().into_owned(), bytes));
    }
    entries.push(("xl/vbaProject.bin".to_owned(), b"Sub Auto_Open()".to_vec()));
    let entries: Vec<(&str, &[u8])> =
        entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let plan = read(&super::workbook::zipped(&entries), Layout::default());
    assert_eq!(names(&plan), ["Margaret Ellis", "Doreen Haddock"]);
    assert!(plan.report().contains("nothing of it was run"), "{}", plan.report());
}
