//! The directory of homes: search results, and who may search.

use proof::{
    cast,
    host::Host,
    listing::{LOCAL, VACANCIES, finds, finds_one, names, sends, takes, takes_all, words},
};
use proto::{
    command::Command,
    directory::{Category, CqcRating, FileKind, HomeField, ProviderKind, VacanciesTaken},
    home,
    outcome::Fate,
    person::Care,
    role::{Audience, Role},
};

/// P-77: only for members at a working desk of a room.
#[tokio::test]
async fn only_a_working_desk_searches() {
    let host = Host::start().await;
    let (room, lead) = host.room(0).await;
    let empty = finds(&lead, "").await;
    assert!(empty.files.is_empty() && empty.homes.is_empty() && empty.pages == 0);
    let finance = host.door.come_in(room, Audience::Desk, &[Role::Finance]).await;
    assert_eq!(finds(&finance, "").await.found, 0);
    let phone = host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let wall = host.door.come_in(room, Audience::Wall, &[]).await;
    let director = host.door.come_in(room, Audience::Sitrep, &[Role::Director]).await;
    for device in [&phone, &wall, &director] {
        let answer = device.get("/api/homes").send().await;
        assert_eq!(answer.error(), (403, "not_yours".to_owned()), "{:?}", device.face);
    }
    let nobody = host.door.web.get("/api/homes?face=desk").send().await;
    assert_eq!(nobody.error(), (401, "no_login".to_owned()));
}

/// P-77: ordered by distance from the postcode of the closing home.
#[tokio::test]
async fn homes_are_found_by_distance_type_group_rating_and_words() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    takes_all(&lead).await;
    let near = finds(&lead, "near=PO6+4CV&within_miles=20&type=residential").await;
    assert_eq!(names(&near)[0], "Sunfield of Harbourtown");
    let miles: Vec<_> = near.homes.iter().map(|home| home.miles.unwrap()).collect();
    assert!(miles.is_sorted() && miles.iter().all(|miles| *miles <= 20), "{miles:?}");
    assert!(!names(&near).contains(&"Northgate"));
    // Places without a location are counted, and come last if no distance limit is set.
    assert_eq!(near.unplaced, 1);
    let all = finds(&lead, "near=PO6+4CV&type=residential").await;
    assert_eq!(names(&all).last(), Some(&"Lost Lodge"));
    let nursing = finds(&lead, "type=nursing").await;
    assert_eq!(names(&nursing), ["Ashlea", "Birchmere", "Northgate"]);
    assert_eq!(names(&finds(&lead, "type=home_care").await), ["Harbour Hands"]);
    assert_eq!(names(&finds(&lead, "authority=farport").await), ["Northgate"]);
    let group = finds(&lead, "category=learning_disability").await;
    assert_eq!(names(&group), ["Plover", "Plover Annexe"]);
    let rated = finds(&lead, "rating=good&type=residential").await;
    assert_eq!(names(&rated), ["Sunfield of Harbourtown"]);
    assert_eq!(names(&finds(&lead, "beds_min=50").await), ["Sunfield of Harbourtown"]);
    for words in ["rectory+lane", "RECTORY", "1-990000002", "po74ci", "01632960026+ashlea"] {
        assert_eq!(finds(&lead, &format!("words={words}")).await.found, 1, "{words}");
    }
    assert_eq!(near.authorities, ["Farport", "Harbourshire"]);
}

/// P-77: an invalid search is answered with a message.
#[tokio::test]
async fn a_bad_postcode_is_answered_in_words() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    for (query, part) in [
        ("near=harbour", "not a postcode"),
        ("near=BT1+1AA", "Northern Ireland"),
        ("near=JE2", "islands"),
        ("near=ZZ9+9CV", "no such postcode"),
        ("within_miles=5", "Enter the postcode"),
        ("rating=splendid", "no such rating"),
    ] {
        let answer = lead.get(&format!("/api/homes?{query}")).send().await;
        assert!(words(&answer).contains(part), "{query}: {}", words(&answer));
        assert_eq!(answer.error(), (400, "malformed".to_owned()));
    }
}

/// P-77: each field with its source and date; beds are the registered number, not vacancies.
#[tokio::test]
async fn a_home_shows_the_source_of_each_field() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    takes_all(&lead).await;
    let ashlea = finds_one(&lead, "ashlea").await;
    assert_eq!(ashlea.home.telephone.as_ref().unwrap().as_str(), "01632 960026");
    let address = ashlea.home.address.as_ref().unwrap().as_str();
    assert_eq!(address, "12 Quay Road, Harbourtown, Harbourshire, PO6 4CV");
    assert_eq!((ashlea.beds, ashlea.ods.as_deref()), (Some(42), Some("VLZZ1")));
    assert_eq!(ashlea.kinds, [ProviderKind::Nursing]);
    assert_eq!(ashlea.categories, [Category::OlderPeople, Category::Dementia]);
    assert_eq!(ashlea.home.registered_for, [Care::GeneralNursing, Care::DementiaNursing]);
    assert!(ashlea.vacancy.is_none());
    let rating = ashlea.rating.unwrap();
    assert_eq!((rating.rating, rating.day.as_deref()), (CqcRating::Good, Some("2026-03-03")));
    assert!(!rating.old && !rating.inherited && rating.domains.len() == 5);
    let from = |field| {
        let all = ashlea.origins.iter();
        let origin = all.clone().find(|origin| origin.fields.contains(&field)).unwrap();
        (origin.kind, origin.day.as_str())
    };
    assert_eq!(from(HomeField::Beds), (FileKind::Filters, "2026-04-17"));
    assert_eq!(from(HomeField::Rating), (FileKind::Ratings, "2026-04-18"));
    assert_eq!(from(HomeField::Website), (FileKind::Directory, "2026-04-16"));
    let birchmere = finds_one(&lead, "birchmere").await;
    assert_eq!(birchmere.beds, None, "nought beds are no beds");
    assert_eq!(birchmere.home.telephone.unwrap().as_str(), "07700 900189");
    let hands = finds_one(&lead, "hands").await;
    assert!(hands.rating.unwrap().inherited && hands.home.registered_for.is_empty());
    let northgate = finds_one(&lead, "northgate").await;
    assert!(northgate.rating.is_none() && northgate.beds.is_none());
    let whole = lead.get("/api/homes").send().await;
    assert!(!words(&whole).contains("CANARY"), "a note about a manager is not kept");
    for gone in ["dormant", "ended", "smiles", "number"] {
        assert_eq!(finds(&lead, &format!("words={gone}")).await.found, 0, "{gone}");
    }
}

/// P-77: after a change of provider there are two registrations but one choice; the later one counts.
#[tokio::test]
async fn a_home_registered_twice_is_one_choice_with_both_ids() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    takes_all(&lead).await;
    let sunfield = finds_one(&lead, "sunfield").await;
    let ids: Vec<_> = sunfield.registrations.iter().map(|one| one.location.as_str()).collect();
    assert_eq!(ids, ["1-990000974", "1-990000034"]);
    let providers: Vec<_> =
        sunfield.registrations.iter().map(|one| one.provider.clone().unwrap()).collect();
    assert_eq!(providers, ["Sunfield Operations Limited", "Sunfield Living Limited"]);
    assert_eq!(sunfield.home.home, sunfield.registrations[0].home);
    let rating = sunfield.rating.unwrap();
    assert_eq!((rating.rating, rating.inherited), (CqcRating::Outstanding, true));
    // Two homes at one address with different telephones stay separate.
    assert_eq!(finds(&lead, "words=marsh+road").await.found, 2);
}

/// P-77: a council's own list, with two types in one cell and `NA` for an empty value.
#[tokio::test]
async fn a_councils_own_list_adds_to_the_regulators() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    takes_all(&lead).await;
    let told = sends(&lead, "homes.csv", "", LOCAL).send().await;
    assert_eq!(told.error(), (422, "file".to_owned()), "nothing says of which day it is");
    assert_eq!(sends(&lead, "homes.csv", "&day=01/05/2026", LOCAL).send().await.status, 200);
    let kingsmead = finds_one(&lead, "kingsmead").await;
    assert_eq!(kingsmead.kinds, [ProviderKind::Nursing, ProviderKind::Residential]);
    assert!(
        kingsmead.home.telephone.is_none()
            && kingsmead.website.as_deref() == Some("http://kingsmead.example")
    );
    let address = kingsmead.home.address.unwrap();
    assert_eq!(address.as_str(), "\"2 King's Mead\", Harbourtown, PO10 8CV");
    // Its location is its own, not its postcode's.
    let larkfield = finds(&lead, "words=larkfield&near=PO10+7CK").await.homes.remove(0);
    assert!(larkfield.miles.unwrap() > 30, "{:?}", larkfield.miles);
    assert_eq!(finds_one(&lead, "sunfield").await.registrations.len(), 2);
}

/// P-77: the id of a home is derived from the room and the regulator's id, so it is added once.
#[tokio::test]
async fn a_home_is_added_once_however_often_it_is_requested() {
    let host = Host::start().await;
    let (room, lead) = host.room(0).await;
    takes_all(&lead).await;
    let listed = finds(&lead, "words=ashlea&from=PO9+1CK").await.homes.remove(0);
    assert!((3..9).contains(&listed.home.miles.unwrap()), "{:?}", listed.home.miles);
    assert_eq!(listed.miles, None);
    let home = listed.home.home;
    lead.does(Command::from(home::Plan::Add { home: listed.home.clone() })).await;
    let placements = host.door.come_in(room, Audience::Desk, &[Role::Placements]).await;
    let again = finds_one(&placements, "ashlea").await;
    assert_eq!(again.home.home, home);
    let fate =
        placements.fate(&cast::asks(Command::from(home::Plan::Add { home: again.home }))).await;
    assert!(matches!(fate, Fate::Refused(_)), "{fate:?}");
    let rows = lead.snapshot().await.put;
    let homes = rows.iter().filter(|put| matches!(put.row, proto::row::Row::Home(_)));
    assert_eq!(homes.count(), 1);
    let (_, other) = host.room(0).await;
    assert_ne!(finds_one(&other, "ashlea").await.home.home, home);
    let finance = host.door.come_in(room, Audience::Desk, &[Role::Finance]).await;
    let fate =
        finance.fate(&cast::asks(Command::from(home::Plan::Add { home: listed.home }))).await;
    assert!(matches!(fate, Fate::Refused(_)), "{fate:?}");
}

/// P-79: a vacancy list is shown with its source and age, and cannot hold a bed.
#[tokio::test]
async fn a_vacancy_list_is_shown_with_its_age() {
    let host = Host::start().await;
    let (room, lead) = host.room(0).await;
    takes_all(&lead).await;
    let path = "/api/homes/vacancies?name=list.csv&source=Harbourshire&day=08/05/2026";
    let list = |device: &proof::device::Device, path: &str| {
        device.post(path).body("application/octet-stream", VACANCIES)
    };
    let VacanciesTaken::Taken { matched, notes } = list(&lead, path).send().await.read() else {
        panic!("its columns are known")
    };
    assert_eq!(matched, 2);
    assert!(notes[0].as_str().starts_with("Row 6: no home"), "{}", notes[0].as_str());
    let sunfield = finds_one(&lead, "sunfield").await;
    assert_eq!(sunfield.vacancy.unwrap().vacant, 2, "both registrations are one home");
    let said = finds_one(&lead, "ashlea").await.vacancy.unwrap();
    assert_eq!((said.vacant, said.days, said.source.as_str()), (4, 14, "Harbourshire"));
    assert_eq!(finds_one(&lead, "ashlea").await.beds, Some(42));
    let odd = "Setting,Free\n1-990000001,3\n";
    let unclear = lead.post(path).body("application/octet-stream", odd).send().await;
    let VacanciesTaken::WhichColumns { columns, .. } = unclear.read() else { panic!() };
    assert_eq!(columns, ["Setting", "Free"]);
    let clear = format!("{path}&home=Setting&vacancies=Free");
    assert_eq!(lead.post(&clear).body("application/octet-stream", odd).send().await.status, 200);
    assert_eq!(finds_one(&lead, "ashlea").await.vacancy.unwrap().vacant, 3);
    let finance = host.door.come_in(room, Audience::Desk, &[Role::Finance]).await;
    assert_eq!(list(&finance, path).send().await.error(), (403, "not_yours".to_owned()));
    let nobodys = list(&lead, "/api/homes/vacancies?name=l.csv&day=08/05/2026").send().await;
    assert!(words(&nobodys).contains("Enter it again"), "{}", words(&nobodys));
}

/// P-77: the directory survives a restart.
#[tokio::test]
async fn the_directory_is_there_after_a_restart() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    takes_all(&lead).await;
    let before = finds(&lead, "near=PO6+4CV").await;
    let host = host.again().await;
    let lead = lead.moved_to(&host);
    assert_eq!(finds(&lead, "near=PO6+4CV").await, before);
    takes(&lead, "1_May_2026_CQC_directory.csv", proof::listing::DIRECTORY).await;
}
