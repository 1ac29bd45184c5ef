//! The registry: invites, logins, card readings.

use std::sync::Arc;

use futures_util::future::join_all;
use journal::{
    Count, Error, Kept, Shelf,
    registry::{Access, Invite, Login, Profile, Reading, RedeemError, Redemption},
};
use proto::{
    id::{DeviceId, MemberId, PersonId, Time},
    role::{Audience, Ceiling, Role},
    text::{PersonName, Short, Telephone},
};
use uuid::Uuid;

use crate::{history::History, stores::Store};

const NOW: Time = Time(1_760_000_000_000);

fn invite(secret: u8, uses_left: Option<u32>) -> Invite {
    let profile = Profile {
        name: PersonName::parse("Asha Rahman").unwrap(),
        organisation: Some(Short::parse("Harbour Council").unwrap()),
        job: None,
        mobile: Some(Telephone::parse("07700 900123").unwrap()),
        roles: vec![Role::NamedSw, Role::TeamLeaderSite],
    };
    Invite {
        secret_hash: [secret; 32],
        room: History::of(1).room,
        audience: Audience::Phone,
        ceiling: Ceiling::Staff,
        profile,
        member: MemberId(Uuid::from_u128(42)),
        uses_left,
        expires: NOW.plus_ms(1000),
    }
}

fn asking(secret: u8, device: u8) -> Redemption {
    Redemption {
        secret_hash: [secret; 32],
        now: NOW,
        token_hash: [device; 32],
        device: DeviceId(Uuid::from_u128(device.into())),
        login_expires: NOW.plus_ms(5000),
    }
}

async fn let_in(store: &Arc<dyn Store>, secret: u8, device: u8) -> Login {
    store.redeem(asking(secret, device)).await.unwrap().unwrap()
}

pub async fn an_invite_admits_as_many_devices_as_it_has_uses(store: Arc<dyn Store>) {
    let invited = invite(1, Some(2));
    store.make_invite(invited.clone()).await.unwrap();
    let login = let_in(&store, 1, 1).await;
    let expected = Login {
        device: DeviceId(Uuid::from_u128(1)),
        token_hash: [1; 32],
        room: invited.room,
        audience: Audience::Phone,
        ceiling: Ceiling::Staff,
        member: invited.member,
        profile: invited.profile,
        created: NOW,
        expires: NOW.plus_ms(5000),
        revoked: false,
    };
    assert_eq!(login, expected);
    assert_eq!(store.login_by_token([1; 32], NOW).await.unwrap(), Some(expected));
    let_in(&store, 1, 2).await;
    assert_eq!(store.redeem(asking(1, 3)).await.unwrap(), Err(RedeemError::Used));
    assert_eq!(store.login_by_token([3; 32], NOW).await.unwrap(), None);
    let twin = store.make_invite(invite(1, None)).await.unwrap_err();
    assert!(matches!(twin, Error::Broken(_)), "{twin}");
    assert_eq!(store.redeem(asking(1, 3)).await.unwrap(), Err(RedeemError::Used));
}

pub async fn of_a_hundred_concurrent_redemptions_of_one_use_one_succeeds(store: Arc<dyn Store>) {
    store.make_invite(invite(1, Some(1))).await.unwrap();
    let everybody = (1..=100).map(|device| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.redeem(asking(1, device)).await.unwrap() })
    });
    let answers: Vec<_> = join_all(everybody).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(answers.iter().filter(|answer| **answer == Err(RedeemError::Used)).count(), 99);
    assert_eq!(store.logins(History::of(1).room).await.unwrap().len(), 1);
}

pub async fn an_unlimited_invite_admits_everybody(store: Arc<dyn Store>) {
    store.make_invite(invite(1, None)).await.unwrap();
    for device in 1..=20 {
        let_in(&store, 1, device).await;
    }
    assert_eq!(store.logins(History::of(1).room).await.unwrap().len(), 20);
}

pub async fn an_expired_or_unknown_invite_admits_nobody(store: Arc<dyn Store>) {
    store.make_invite(invite(1, Some(1))).await.unwrap();
    let late = Redemption { now: NOW.plus_ms(1000), ..asking(1, 1) };
    assert_eq!(store.redeem(late).await.unwrap(), Err(RedeemError::Expired));
    assert_eq!(store.redeem(asking(2, 1)).await.unwrap(), Err(RedeemError::Unknown));
    let just_in_time = Redemption { now: NOW.plus_ms(999), ..asking(1, 1) };
    assert!(store.redeem(just_in_time).await.unwrap().is_ok());
}

pub async fn a_failed_redemption_consumes_no_use(store: Arc<dyn Store>) {
    store.make_invite(invite(1, Some(1))).await.unwrap();
    store.make_invite(invite(2, Some(1))).await.unwrap();
    let_in(&store, 1, 1).await;
    let same_device = store.redeem(asking(2, 1)).await.unwrap_err();
    assert!(matches!(same_device, Error::Broken(_)), "{same_device}");
    let same_token = Redemption { token_hash: [1; 32], ..asking(2, 2) };
    let same_token = store.redeem(same_token).await.unwrap_err();
    assert!(matches!(same_token, Error::Broken(_)), "{same_token}");
    let_in(&store, 2, 3).await;
}

pub async fn a_login_expires_unless_it_is_extended(store: Arc<dyn Store>) {
    store.make_invite(invite(1, None)).await.unwrap();
    let login = let_in(&store, 1, 1).await;
    let at = async |ms| store.login_by_token([1; 32], NOW.plus_ms(ms)).await.unwrap();
    assert!(at(4999).await.is_some());
    assert_eq!(at(5000).await, None);
    assert!(store.extend(login.device, NOW.plus_ms(9000)).await.unwrap());
    assert_eq!(at(8999).await.map(|login| login.expires), Some(NOW.plus_ms(9000)));
    assert!(store.extend(login.device, NOW.plus_ms(10)).await.unwrap());
    assert!(at(8999).await.is_some(), "an extension never shortens");
    assert!(!store.extend(DeviceId(Uuid::from_u128(77)), NOW).await.unwrap());
}

/// I-18 starts here: the registry remembers every revocation.
pub async fn a_revoked_login_stays_revoked(store: Arc<dyn Store>) {
    store.make_invite(invite(1, None)).await.unwrap();
    let login = let_in(&store, 1, 1).await;
    let other = let_in(&store, 1, 2).await;
    assert!(store.revoke(login.device).await.unwrap());
    assert_eq!(store.login_by_token([1; 32], NOW).await.unwrap(), None);
    assert!(!store.extend(login.device, NOW.plus_ms(9000)).await.unwrap());
    assert_eq!(store.login_by_token([1; 32], NOW).await.unwrap(), None);
    assert_eq!(store.login_by_token([2; 32], NOW).await.unwrap(), Some(other));
    assert!(!store.revoke(DeviceId(Uuid::from_u128(77))).await.unwrap());
}

/// F8: a node checks all devices with an open socket in one query.
pub async fn of_many_devices_those_without_a_live_login_are_returned(store: Arc<dyn Store>) {
    store.make_invite(invite(1, None)).await.unwrap();
    let mut devices = Vec::new();
    for device in 1..=4 {
        devices.push(let_in(&store, 1, device).await.device);
    }
    let never = DeviceId(Uuid::from_u128(77));
    let asked = [&devices[..], &[never]].concat();
    assert_eq!(store.ended(&asked, NOW).await.unwrap(), [never]);
    assert!(store.ended(&[], NOW).await.unwrap().is_empty());
    store.revoke(devices[1]).await.unwrap();
    store.extend(devices[3], NOW.plus_ms(9000)).await.unwrap();
    assert_eq!(store.ended(&asked, NOW).await.unwrap(), [devices[1], never]);
    let ended = store.ended(&asked, NOW.plus_ms(5000)).await.unwrap();
    assert_eq!(ended, [devices[0], devices[1], devices[2], never], "an expired login has ended");
}

pub async fn every_login_of_a_room_is_listed(store: Arc<dyn Store>) {
    store.make_invite(invite(1, None)).await.unwrap();
    let elsewhere = Invite { room: History::of(2).room, ..invite(2, None) };
    store.make_invite(elsewhere).await.unwrap();
    for device in [3, 1, 2] {
        let_in(&store, 1, device).await;
    }
    let_in(&store, 2, 9).await;
    store.revoke(DeviceId(Uuid::from_u128(2))).await.unwrap();
    let logins = store.logins(History::of(1).room).await.unwrap();
    let listed: Vec<_> = logins.iter().map(|x| (x.device.0.as_u128(), x.revoked)).collect();
    assert_eq!(listed, [(1, false), (2, true), (3, false)]);
}

pub async fn card_readings_are_recorded(store: Arc<dyn Store>) {
    let reading = |n: i64, person: u128, what| Access {
        at: NOW.plus_ms(n),
        room: History::of(1).room,
        member: MemberId(Uuid::from_u128(42)),
        device: DeviceId(Uuid::from_u128(1)),
        person: PersonId(Uuid::from_u128(person)),
        what,
    };
    let (fetched, opened) = (reading(2, 5, Reading::Fetched), reading(1, 5, Reading::Opened));
    for access in [fetched, reading(3, 6, Reading::Opened), opened] {
        store.record_access(access).await.unwrap();
    }
    let found = store.accesses(fetched.room, fetched.person).await.unwrap();
    assert_eq!(found, [fetched, opened]);
    assert_eq!(store.accesses(History::of(2).room, fetched.person).await.unwrap(), []);
}

pub async fn a_document_is_replaced_as_a_whole(store: Arc<dyn Store>) {
    let at = |n: i64| NOW.plus_ms(n);
    assert_eq!(store.kept(Shelf::Mapping, "Harbour").await.unwrap(), None);
    store.keep(Shelf::Mapping, "Harbour", b"first, and longer".to_vec(), at(1)).await.unwrap();
    store.keep(Shelf::Mapping, "Harbour", vec![0, 255], at(2)).await.unwrap();
    store.keep(Shelf::Directory, "Harbour", Vec::new(), at(3)).await.unwrap();
    let mapping = Kept { body: vec![0, 255], at: at(2) };
    assert_eq!(store.kept(Shelf::Mapping, "Harbour").await.unwrap(), Some(mapping));
    let directory = Kept { body: Vec::new(), at: at(3) };
    assert_eq!(store.kept(Shelf::Directory, "Harbour").await.unwrap(), Some(directory));
    assert_eq!(store.kept(Shelf::Mapping, "harbour").await.unwrap(), None);
}

/// F7: nodes share one count of wrong door codes.
pub async fn concurrent_increments_are_all_counted_until_the_window_ends(store: Arc<dyn Store>) {
    let one = async |at: i64| store.count("wrong", NOW.plus_ms(at), 1_000).await.unwrap();
    assert_eq!(one(0).await, Count { times: 1, until: NOW.plus_ms(1_000) });
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let store = Arc::clone(&store);
        all.spawn(async move { store.count("wrong", NOW, 1_000).await.unwrap().times });
    }
    let mut told = all.join_all().await;
    told.sort_unstable();
    assert_eq!(told, (2..=51).collect::<Vec<_>>(), "each increment returns a different number");
    assert_eq!(store.count("other", NOW, 1_000).await.unwrap().times, 1);
    let kept = store.kept(Shelf::Count, "wrong").await.unwrap().unwrap();
    assert_eq!(serde_json::from_slice::<Count>(&kept.body).unwrap().times, 51);
    assert_eq!(one(999).await.times, 52);
    assert_eq!(one(1_000).await, Count { times: 1, until: NOW.plus_ms(2_000) });
}

pub async fn of_many_concurrent_discards_one_succeeds(store: Arc<dyn Store>) {
    store.keep(Shelf::Asking, "one", b"waits".to_vec(), NOW).await.unwrap();
    let takers = (0..20).map(|_| store.discard(Shelf::Asking, "one"));
    let taken = join_all(takers).await.into_iter().filter(|taken| matches!(taken, Ok(true)));
    assert_eq!(taken.count(), 1);
    assert_eq!(store.kept(Shelf::Asking, "one").await.unwrap(), None);
}
