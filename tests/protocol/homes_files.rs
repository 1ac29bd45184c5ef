//! The files of the directory: what is accepted, from whom, and what is refused.

use proof::{
    book,
    host::Host,
    listing::{
        DIRECTORY, DIRECTORY_NAME, FILTERS, FILTERS_NAME, OLDER, finds, finds_one, sends, takes,
        words,
    },
};
use proto::{
    directory::{FileKind, FileTaken},
    limit::DIRECTORY_BYTES_MAX,
    role::{Audience, Role},
};

/// P-78: files are uploaded by members who can add homes, and by the operator.
#[tokio::test]
async fn files_are_uploaded_by_members_who_can_add_homes_and_by_the_operator() {
    let host = Host::start().await;
    let (room, lead) = host.room(0).await;
    for (role, may) in [(Role::Vacancies, true), (Role::Placements, true), (Role::Finance, false)] {
        let device = host.door.come_in(room, Audience::Desk, &[role]).await;
        let answer = sends(&device, DIRECTORY_NAME, "", DIRECTORY).send().await;
        assert_eq!(answer.status.is_success(), may, "{role:?}: {}", words(&answer));
    }
    let phone = host.door.come_in(room, Audience::Phone, &[Role::Lead]).await;
    let answer = sends(&phone, DIRECTORY_NAME, "", DIRECTORY).send().await;
    assert_eq!(answer.error(), (403, "not_yours".to_owned()));
    let path = "/api/operator/homes?name=17_April_2026_CQC_directory.csv";
    let ask = || host.door.web.post(path).body("application/octet-stream", DIRECTORY);
    assert_eq!(ask().send().await.error(), (403, "not_operator".to_owned()));
    let token = format!("Bearer {}", host.running.operator_token());
    let taken: FileTaken = ask().with("authorization", &token).send().await.read();
    assert_eq!((taken.kind, taken.day.as_str()), (FileKind::Directory, "2026-04-16"));
    let answer = finds(&lead, "").await;
    assert_eq!((answer.files.len(), answer.files[0].places), (1, taken.places));
}

/// P-78: the care directory as downloaded: its byte order mark, its preamble, its lists, its errors.
#[tokio::test]
async fn the_care_directory_is_read_as_downloaded() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let taken = takes(&lead, "download.csv", DIRECTORY).await;
    assert_eq!((taken.kind, taken.day.as_str()), (FileKind::Directory, "2026-04-16"));
    assert_eq!((taken.rows, taken.places), (13, 11));
    let notes: Vec<&str> = taken.notes.iter().map(|note| note.as_str()).collect();
    assert!(notes[0].starts_with("1 row left out: no CQC location id"), "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("without a telephone")), "{notes:?}");
    let birchmere = finds_one(&lead, "birchmere").await;
    assert_eq!(birchmere.home.name.as_str(), "Birchmere, \"The Old Rectory\"");
    assert_eq!(birchmere.postcode.as_deref(), Some("PO7 4CI"));
    assert_eq!(birchmere.known_as.as_deref(), Some("Birchmere"));
    let older = takes(&lead, "download.csv", DIRECTORY).await;
    assert_eq!(older, taken, "the same file again changes nothing");
}

/// P-78: the older form of the care directory, with separate address columns.
#[tokio::test]
async fn the_older_care_directory_is_read_too() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let taken = takes(&lead, "older_directory_2019-03-01.csv", OLDER).await;
    assert_eq!((taken.kind, taken.day.as_str()), (FileKind::Directory, "2019-03-01"));
    let ashlea = finds_one(&lead, "ashlea").await;
    let address = "12 Quay Road, Harbourtown, Harbourshire, PO6 4CV";
    assert_eq!(ashlea.home.address.unwrap().as_str(), address);
}

/// P-78: the file with filters gives the same result as ODS, XLSX and CSV.
#[tokio::test]
async fn the_file_with_filters_gives_the_same_result_in_every_format() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let mut rows = book::cells(FILTERS);
    let xlsx = book::xlsx(&rows);
    let forms = [
        ("17_April_2026.ods", book::ods(&rows)),
        ("17_April_2026.xlsx", xlsx),
        ("17_April_2026.csv", FILTERS.as_bytes().to_vec()),
        ("17_April_2026-moved.ods", {
            rows.iter_mut().for_each(|row| row.reverse());
            book::ods(&rows)
        }),
    ];
    let mut told = Vec::new();
    for (name, file) in forms {
        let taken = takes(&lead, name, file).await;
        assert_eq!((taken.kind, taken.rows, taken.places), (FileKind::Filters, 7, 5), "{name}");
        let mut answer = finds(&lead, "").await;
        answer.files.clear();
        told.push(answer);
    }
    assert_eq!(told[0].homes[0].registrations[0].since.as_deref(), Some("2010-10-01"));
    for other in &told[1..] {
        assert_eq!(*other, told[0]);
    }
}

/// P-78: an unusable file is refused with a message, and changes nothing.
#[tokio::test]
async fn an_unusable_file_is_refused_in_words_and_changes_nothing() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    takes(&lead, DIRECTORY_NAME, DIRECTORY).await;
    let before = finds(&lead, "").await;
    let damaged = {
        let mut file = book::ods(&book::cells(FILTERS));
        file.truncate(file.len() / 2);
        file
    };
    let doctype = {
        let mut packing = book::Packing::new();
        packing.put(
            "content.xml",
            "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
        );
        packing.end()
    };
    let headless = "Home,Beds\nAshlea,4\n".as_bytes().to_vec();
    for (name, file, part) in [
        ("a.csv", Vec::new(), "empty"),
        ("a.csv", headless, "column names of a CQC file"),
        ("a.pdf", b"%PDF-1.7".to_vec(), "not a file that can be read"),
        ("a.xls", vec![0xD0, 0xCF, 0x11, 0xE0], "old Excel"),
        ("a.ods", damaged, "damaged"),
        ("a.ods", doctype, "unpacks to more"),
        (FILTERS_NAME, b"Location ID,Location Name\n1-1,x\n".to_vec(), "no home"),
        ("1_June_2027.csv", FILTERS.as_bytes().to_vec(), "future"),
        ("a.csv", FILTERS.as_bytes().to_vec(), "gives a date"),
        ("older_directory_2019-03-01.csv", OLDER.to_vec(), "of 16 April 2026"),
        ("a.csv", b"Name,CQC Location ID\n\"Ashlea,1-1\n".to_vec(), "quotation mark"),
    ] {
        let answer = sends(&lead, name, "", file).send().await;
        assert!(words(&answer).contains(part), "{name}: {}", words(&answer));
        assert_eq!(answer.error(), (422, "file".to_owned()));
    }
    assert_eq!(finds(&lead, "").await, before);
}

/// P-78: decompression stops at a limit, whatever size a file claims.
#[tokio::test]
async fn a_decompression_bomb_is_refused() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let header = "Location ID,Location Name,Service type - Domiciliary care service";
    let rows = book::cells(&format!("{header}\n1-1,Ashlea,Y\n"));
    let repeated = {
        let mut packing = book::Packing::new();
        packing.begin("content.xml");
        packing.say(book::ODS_HEAD);
        let mut out = String::new();
        rows.iter().for_each(|row| book::ods_row(&mut out, row));
        let million = "<table:table-row table:number-rows-repeated=\"4000000000\">";
        packing.say(&out.replacen("<table:table-row>", million, 3));
        packing.say(book::ODS_FOOT);
        packing.end()
    };
    let wide = {
        let mut packing = book::Packing::new();
        packing.begin("content.xml");
        packing.say(book::ODS_HEAD);
        packing.say(
            "<table:table-row><table:table-cell table:number-columns-repeated=\"4000000000\" \
             office:value-type=\"string\"><text:p>x</text:p></table:table-cell></table:table-row>",
        );
        packing.say(book::ODS_FOOT);
        packing.end()
    };
    let long = {
        let mut packing = book::Packing::new();
        packing.begin("content.xml");
        packing.say(book::ODS_HEAD);
        (0..32).for_each(|_| packing.say(&"x".repeat(1024 * 1024)));
        packing.end()
    };
    let shared = {
        let mut packing = book::xlsx_begin();
        packing.say(book::XLSX_FOOT);
        packing.put("xl/sharedStrings.xml", "<sst uniqueCount=\"4000000000\"><si/></sst>");
        packing.end()
    };
    let many = {
        let mut packing = book::Packing::new();
        (0..1_001).for_each(|n| packing.put(&format!("{n}.xml"), ""));
        packing.end()
    };
    for (what, file, part) in [
        ("rows", repeated, "more than 1000000 rows"),
        ("columns", wide, "columns"),
        ("text", long, "unpacks to more"),
        ("shared words", shared, "unpacks to more"),
        ("entries", many, "unpacks to more"),
    ] {
        let answer = sends(&lead, "17_April_2026.ods", "", file).send().await;
        assert!(words(&answer).contains(part), "{what}: {}", words(&answer));
    }
}

/// P-78: a body is a plain file of limited size.
#[tokio::test]
async fn a_body_is_one_plain_file_of_limited_size() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let path = "/api/homes/files?name=a.csv";
    let json = lead.post(path).body("application/json", "{}").send().await;
    assert_eq!(json.error(), (415, "not_file".to_owned()));
    let packed = lead.post(path).body("application/octet-stream", DIRECTORY);
    let packed = packed.with("content-encoding", "gzip").send().await;
    assert_eq!(packed.error(), (415, "not_file".to_owned()));
    let large = vec![b' '; DIRECTORY_BYTES_MAX + 1];
    let large = lead.post(path).body("application/octet-stream", large).send().await;
    assert_eq!(large.error(), (413, "too_large".to_owned()));
    let foreign =
        sends(&lead, DIRECTORY_NAME, "", DIRECTORY).instead("origin", "https://elsewhere.example");
    assert_eq!(foreign.send().await.error(), (403, "foreign_origin".to_owned()));
}
