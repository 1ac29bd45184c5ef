//! The directory of homes at its real size: 57,000 places of 122 columns, brought in and searched.

use std::time::Instant;

use hyper::Method;
use node::client::Client;
use proof::book;

use crate::{
    process::{self, Server},
    window::share,
};

/// Places in the regulator's file.
const PLACES: usize = 57_000;
/// Its columns.
const COLUMNS: usize = 122;
/// How often each search is asked.
const ASKED: usize = 30;

/// Measures and prints.
pub async fn run() {
    println!("\n## The directory: {PLACES} places of {COLUMNS} columns\n");
    println!("| file | MB | read s | most memory MB |\n|--|--:|--:|--:|");
    for (form, name) in [("ODS", "file.ods"), ("XLSX", "file.xlsx")] {
        let file = if form == "ODS" { ods() } else { xlsx() };
        let server = process::muster();
        let megabytes = file.len() as f64 / 1e6;
        let begun = Instant::now();
        let client = Client::new(&format!("http://{}", server.addr)).operator(&server.token);
        let taken = client.import_homes(name, Some("01/05/2026"), file).await.expect("it is taken");
        let took = begun.elapsed().as_secs_f64();
        assert_eq!(taken.places as usize, PLACES);
        println!("| {form} | {megabytes:.1} | {took:.1} | {:.0} |", server.most_kib() / 1024.0);
        if form == "XLSX" {
            search(&server).await;
        }
    }
}

/// Asks one desk's searches and prints how long they take.
async fn search(server: &Server) {
    let room = crate::room::Room::open(server, 0, 1).await;
    let login = &room.leads[0];
    let mut client = Client::new(&format!("http://{}", server.addr));
    for line in login.headers.lines().filter(|line| line.contains(": ")) {
        let (name, value) = line.split_once(": ").expect("a header line");
        client = client.with(name, value);
    }
    println!("\n| search | p50 ms | most ms | found |\n|--|--:|--:|--:|");
    for (what, query) in [
        ("nothing asked", ""),
        ("nearest of all", "near=PO6+4CV"),
        ("type, group, distance", "near=PO6+4CV&within_miles=20&type=nursing&category=dementia"),
        ("words", "words=street+place+777"),
    ] {
        let mut delays = Vec::new();
        let mut found = 0;
        for _ in 0..ASKED {
            let begun = Instant::now();
            let path = format!("/api/homes?{query}");
            let reply = client.ask(Method::GET, &path, None).await.expect("an answer");
            delays.push(begun.elapsed().as_micros() as u32);
            let told: proto::directory::HomesAnswer = reply.read().expect("a search is answered");
            found = told.found;
        }
        delays.sort_unstable();
        let (half, most) = (share(&delays, 0.50) / 1e3, share(&delays, 1.0) / 1e3);
        println!("| {what} | {half:.1} | {most:.1} | {found} |");
    }
    println!("\nresident after it: {:.0} MB", server.resident_kib() / 1024.0);
}

/// Returns the column names, padded to the width of the real file.
fn header() -> Vec<String> {
    let mut names = book::cells(include_str!("../directory/filters.csv")).remove(0);
    for n in names.len()..COLUMNS {
        names.push(format!("Regulated activity - number {n}"));
    }
    names
}

/// Returns an invented place; two in three are care homes, the others home care agencies.
fn place(header: &[String], n: usize) -> Vec<String> {
    let cell = |name: &String| match name.as_str() {
        "Location ID" => format!("1-{}", 9_000_000 + n),
        "Location HSCA start date" | "Publication Date" => "2019-05-02T00:00:00".to_owned(),
        "Dormant (Y/N)" | "Inherited Rating (Y/N)" => "N".to_owned(),
        "Location Name" | "Provider Name" => format!("Place {n}"),
        "Location Telephone Number" => format!("16329{:05}", n % 100_000),
        "Registered manager" => "A note that nobody keeps. ".repeat(3),
        "Care homes beds" => (n % 90).to_string(),
        "Location Latest Overall Rating" => "Good".to_owned(),
        "Location Local Authority" => format!("Council {}", n % 150),
        "Location Street Address" => format!("{n} Street"),
        "Location City" => "Harbourtown".to_owned(),
        "Location Postal Code" => format!("PO{} {}CV", 1 + n % 9, n % 10),
        "Location Latitude" => format!("{:.4}", 50.7 + (n % 4_000) as f64 / 1_000.0),
        "Location Longitude" => format!("{:.4}", -2.9 + (n % 3_000) as f64 / 1_000.0),
        "Service type - Care home service with nursing" if n.is_multiple_of(3) => "Y".to_owned(),
        "Service type - Care home service without nursing" if n % 3 == 1 => "Y".to_owned(),
        "Service type - Domiciliary care service" if n % 3 == 2 => "Y".to_owned(),
        "Service user band - Older People" => "Y".to_owned(),
        "Service user band - Dementia" if n.is_multiple_of(2) => "Y".to_owned(),
        name if name.starts_with("Location") || name.starts_with("Provider") => {
            format!("{name} of {n}")
        }
        _ => String::new(),
    };
    header.iter().map(cell).collect()
}

fn ods() -> Vec<u8> {
    let header = header();
    let mut packing = book::Packing::new();
    packing.begin("content.xml");
    packing.say(book::ODS_HEAD);
    let mut out = String::new();
    book::ods_row(&mut out, &header);
    for n in 0..PLACES {
        book::ods_row(&mut out, &place(&header, n));
        packing.say(&out);
        out.clear();
    }
    packing.say(book::ODS_FOOT);
    packing.end()
}

fn xlsx() -> Vec<u8> {
    let header = header();
    let mut packing = book::xlsx_begin();
    let mut out = String::new();
    book::xlsx_row(&mut out, 1, &header);
    for n in 0..PLACES {
        book::xlsx_row(&mut out, n + 2, &place(&header, n));
        packing.say(&out);
        out.clear();
    }
    packing.say(book::XLSX_FOOT);
    packing.end()
}
