//! Servers that come late, tables of other releases, several instances at once.

use std::time::Duration;

use cache_tiers::{Entry, Key, Meta, TierErrorKind, TierExt};
use credits::{ErrorKind, Filter, GroupBy, Ledger};
use futures_util::future::join_all;
use store_sql::{SqlConfig, SqlError, SqlStore};

use crate::{
    place::{Dialect, Place, on_each_dialect},
    relay::Relay,
};

on_each_dialect! {
    opening_again_changes_nothing
    tables_of_a_newer_release_are_refused_and_not_touched
    ; servers:
    many_that_open_at_once_migrate_once
    a_server_that_is_away_at_the_start_is_used_when_it_is_there
    a_server_that_goes_away_is_used_again_when_it_is_back
    a_server_that_was_restarted_costs_no_answer
    impatient_askers_open_it_together
    what_another_holds_is_busy_after_a_while_and_still_read
    a_password_is_never_shown
    a_line_without_tls_is_refused_where_tls_is_required
}

fn entry() -> Entry {
    Entry { body: "body".into(), meta: Meta::default() }
}

async fn opening_again_changes_nothing(place: Place) {
    // Every start migrates.
    let key = Key::new("k");
    place.open().await.tier().put(&key, entry()).await.unwrap();
    let again = place.open().await;
    assert_eq!(again.tier().get(&key).await.unwrap(), Some(entry()));
}

async fn tables_of_a_newer_release_are_refused_and_not_touched(place: Place) {
    // After a rollback the older release must not misread them.
    place.open().await.close().await;
    let checksum = if place.url().starts_with("postgres") { "'\\x00'" } else { "x'00'" };
    place
        .run(&format!(
            "INSERT INTO _sqlx_migrations \
             (version, description, success, checksum, execution_time) \
             VALUES (9999, 'of the future', true, {checksum}, 0)"
        ))
        .await;
    let error = SqlStore::open(place.config()).await.unwrap_err();
    assert!(matches!(error, SqlError::Migrate { .. }), "{error}");
}

async fn many_that_open_at_once_migrate_once(place: Place) {
    // A deployment starts all its instances in the same second.
    let opened = join_all((0..4).map(|_| SqlStore::open(place.config()))).await;
    for store in opened {
        let store = store.unwrap();
        store.tier().put(&Key::new("k"), entry()).await.unwrap();
        store.close().await;
    }
}

async fn a_server_that_is_away_at_the_start_is_used_when_it_is_there(place: Place) {
    // A gateway must start, and answer from memory, while its database is restarted.
    let mut relay = Relay::down(&place.url()).await;
    let config = SqlConfig::from_url(&relay.url(&place.url())).unwrap();
    let store = SqlStore::open(config).await.unwrap();
    let began = tokio::time::Instant::now();
    for _ in 0..20 {
        let error = store.tier().get(&Key::new("k")).await.unwrap_err();
        assert_eq!(error.kind, TierErrorKind::Unavailable);
        let error = store.ledger().totals(&Filter::default(), GroupBy::All).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unavailable);
    }
    assert!(began.elapsed() < Duration::from_millis(900), "{:?}", began.elapsed());
    relay.up();
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    store.tier().put(&Key::new("k"), entry()).await.unwrap();
    assert_eq!(store.tier().get(&Key::new("k")).await.unwrap(), Some(entry()));
}

async fn a_server_that_goes_away_is_used_again_when_it_is_back(place: Place) {
    // Failover takes seconds; a restart of the gateway would take its memory with it.
    let mut relay = Relay::down(&place.url()).await;
    relay.up();
    let mut config = SqlConfig::from_url(&relay.url(&place.url())).unwrap();
    config.acquire_timeout = Duration::from_millis(500);
    let store = SqlStore::open(config).await.unwrap();
    let key = Key::new("k");
    store.tier().put(&key, entry()).await.unwrap();
    relay.cut().await;
    for _ in 0..2 {
        let error = store.tier().get(&key).await.unwrap_err();
        assert_eq!(error.kind, TierErrorKind::Unavailable, "{error:?}");
    }
    relay.up();
    // On a busy machine connecting may take longer than somebody waits for it.
    for _ in 0..40 {
        if let Ok(held) = store.tier().get(&key).await {
            assert_eq!(held, Some(entry()));
            return;
        }
    }
    panic!("it is not used again");
}

async fn a_server_that_was_restarted_costs_no_answer(place: Place) {
    // A rested connection is taken at its word, which saves a round trip; where it has gone, the
    // answer would be bought although it is there.
    let mut relay = Relay::down(&place.url()).await;
    relay.up();
    let store =
        SqlStore::open(SqlConfig::from_url(&relay.url(&place.url())).unwrap()).await.unwrap();
    let key = Key::new("k");
    let tier = store.tier();
    tier.put(&key, entry()).await.unwrap();
    // All connections of the pool are there, and gone.
    join_all((0..8).map(|_| tier.get(&key))).await;
    relay.cut().await;
    relay.up();
    assert_eq!(tier.get(&key).await.unwrap(), Some(entry()));
}

async fn a_password_is_never_shown(place: Place) {
    // Errors and states are logged.
    let url = place.url();
    let scheme = url.split_once(':').unwrap().0;
    let place = url.split_once('@').unwrap().1;
    let url = format!("{scheme}://nobody:hunter2@{place}");
    let config = SqlConfig::from_url(&url).unwrap();
    let store = SqlStore::open(config.clone()).await.unwrap();
    let mut text = format!("{config:?} {store:?} {:?}", store.tier());
    if let Err(error) = store.tier().get(&Key::new("k")).await {
        text += &format!("{error} {error:?}");
    }
    assert!(text.contains("nobody") && !text.contains("hunter2"), "{text}");
}

async fn a_line_without_tls_is_refused_where_tls_is_required(place: Place) {
    // Whoever asks for TLS must not get a line that anybody can read.
    for (mode, works) in [("disable", true), ("prefer", true), ("require", false)] {
        let name = if place.url().starts_with("mysql") { "ssl-mode" } else { "sslmode" };
        let url = format!("{}?{name}={mode}", place.url());
        let store = SqlStore::open(SqlConfig::from_url(&url).unwrap()).await.unwrap();
        let got = store.tier().get(&Key::new("k")).await;
        assert_eq!(got.is_ok(), works, "{mode}: {got:?}");
    }
}

async fn impatient_askers_open_it_together(place: Place) {
    // A tier is given milliseconds; connecting and migrating take longer than that.
    let mut relay = Relay::down(&place.url()).await;
    let config = SqlConfig::from_url(&relay.url(&place.url())).unwrap();
    let store = SqlStore::open(config).await.unwrap();
    relay.up();
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    let begun = tokio::time::Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        let (tier, key) = (store.tier(), Key::new("k"));
        if let Ok(got) = tokio::time::timeout(Duration::from_millis(5), tier.get(&key)).await {
            assert_eq!(got.unwrap(), None);
            return;
        }
    }
    panic!("nobody's attempt came to its end");
}

async fn what_another_holds_is_busy_after_a_while_and_still_read(place: Place) {
    // A dump or an administrator may hold locks for minutes.
    let mut config = place.config();
    config.acquire_timeout = Duration::from_secs(1);
    let store = SqlStore::open(config).await.unwrap();
    let key = Key::new("k");
    store.tier().put(&key, entry()).await.unwrap();
    let _held = place.hold("UPDATE cache_entry SET usable_until = 7").await;
    let error = store.tier().put(&key, entry()).await.unwrap_err();
    assert_eq!(error.kind, TierErrorKind::TimedOut, "{error:?}");
    assert_eq!(store.tier().get(&key).await.unwrap(), Some(entry()));
}

#[tokio::test]
async fn a_migration_that_was_cut_off_is_run_again() {
    // Where definitions commit by themselves, a kill in the middle leaves half of them.
    let place = Place::fresh(Dialect::Mysql).await;
    place.open().await.close().await;
    place.run("UPDATE _sqlx_migrations SET success = FALSE WHERE version = 1").await;
    place.run("DROP TABLE credit_usage_turn").await;
    let store = place.open().await;
    store.tier().put(&Key::new("k"), entry()).await.unwrap();
    assert_eq!(place.ask("SELECT CAST(COUNT(*) AS CHAR) FROM credit_usage_turn").await, ["1"]);
}
