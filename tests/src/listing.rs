//! The directory of homes, as a test fills and searches it.

use proto::directory::{FileTaken, HomesAnswer, ListedHome};

use crate::{
    book,
    device::Device,
    web::{Answer, Ask},
};

/// The care directory, as it is downloaded.
pub const DIRECTORY: &[u8] = include_bytes!("../directory/16_April_2026_CQC_directory.csv");
/// An older form of it.
pub const OLDER: &[u8] = include_bytes!("../directory/older_directory_2019-03-01.csv");
/// A council's own list.
pub const LOCAL: &[u8] = include_bytes!("../directory/harbourshire_care_homes.csv");
/// The source of the files with filters, of ratings and of deactivated registrations.
pub const FILTERS: &str = include_str!("../directory/filters.csv");
pub const RATINGS: &str = include_str!("../directory/ratings.csv");
pub const DEACTIVATED: &str = include_str!("../directory/deactivated.csv");
/// A vacancy list.
pub const VACANCIES: &[u8] = include_bytes!("../directory/vacancies.csv");

/// The names of the files.
pub const DIRECTORY_NAME: &str = "16_April_2026_CQC_directory.csv";
pub const FILTERS_NAME: &str = "17_April_2026_HSCA_Active_Locations.ods";

/// Returns the request that uploads a file.
pub fn sends(desk: &Device, name: &str, more: &str, file: impl Into<bytes::Bytes>) -> Ask {
    let path = format!("/api/homes/files?name={name}{more}");
    desk.post(&path).body("application/octet-stream", file)
}

/// Uploads a file, which must be accepted.
pub async fn takes(desk: &Device, name: &str, file: impl Into<bytes::Bytes>) -> FileTaken {
    let answer = sends(desk, name, "", file).send().await;
    assert_eq!(answer.status.as_u16(), 200, "{}", words(&answer));
    answer.read()
}

/// Uploads every file.
pub async fn takes_all(desk: &Device) {
    takes(desk, DIRECTORY_NAME, DIRECTORY).await;
    takes(desk, FILTERS_NAME, book::ods(&book::cells(FILTERS))).await;
    takes(desk, "18_April_2026_Latest_ratings.ods", book::ods(&book::cells(RATINGS))).await;
    let ended = book::ods(&book::cells(DEACTIVATED));
    takes(desk, "20_April_2026_Deactivated_Locations.ods", ended).await;
}

/// Searches; the search must succeed.
pub async fn finds(desk: &Device, query: &str) -> HomesAnswer {
    let answer = desk.get(&format!("/api/homes?{query}")).send().await;
    assert_eq!(answer.status.as_u16(), 200, "{}", words(&answer));
    answer.read()
}

/// Searches for one home by its words.
pub async fn finds_one(desk: &Device, words: &str) -> ListedHome {
    let answer = finds(desk, &format!("words={words}")).await;
    assert_eq!(answer.found, 1, "{words}");
    answer.homes[0].clone()
}

/// Returns the names of the homes of an answer.
pub fn names(answer: &HomesAnswer) -> Vec<&str> {
    answer.homes.iter().map(|home| home.home.name.as_str()).collect()
}

/// Returns the words of a refusal.
pub fn words(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}
