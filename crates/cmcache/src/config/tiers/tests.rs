use super::*;

fn check(flags: &[&str]) -> Result<Vec<Warning>, ConfigError> {
    let flags: Vec<_> = flags.iter().map(|flag| (*flag).to_owned()).collect();
    Config::load(None, &[], &flags).and_then(|config| config.validate())
}

fn check_refused(flags: &[&str], words: &str) {
    let error = check(flags).unwrap_err();
    assert!(error.0.contains(words), "{flags:?}: {error}");
    assert!(!error.0.contains("canary"), "{flags:?}: {error}");
}

const MYSQL: &str = "tiers.mysql.url=mysql://cmc:canary@db:3306/cache";
const POSTGRES: &str = "tiers.postgres.url=postgres://cmc:canary@db/cache?sslmode=require";

#[test]
fn tiers_may_be_named_in_any_order_and_of_several_kinds() {
    // Operators build the stack that they have servers for.
    let all = ["tiers=postgres,memory,mysql,sqlite", MYSQL, POSTGRES, "tiers_read=race"];
    assert_eq!(check(&all), Ok(Vec::new()));
    let both = ["tiers=memory,mariadb,mysql", MYSQL, "tiers.mariadb.url=mariadb://u:p@other/db"];
    assert_eq!(check(&both), Ok(Vec::new()));
    let near = [
        "tiers=memory,redis,memcached",
        "tiers.redis.url=redis://h",
        "tiers.memcached.urls=a:1,b:2",
    ];
    assert_eq!(check(&near), Ok(Vec::new()));
    let sentinels = [
        "tiers=valkey",
        "tiers.valkey.urls=redis://a:1,redis://b:2",
        "tiers.valkey.sentinel_master=main",
        "tiers.valkey.tracking=true",
    ];
    assert_eq!(check(&sentinels), Ok(Vec::new()));
    let set = ["tiers=mysql", MYSQL, "tiers.mysql.shadow=true", "tiers.mysql.connections=4"];
    assert_eq!(check(&set), Ok(Vec::new()));
}

#[test]
fn what_a_tier_does_not_take_is_refused_with_what_it_takes() {
    // A setting that does nothing would be believed to work.
    check_refused(&["tiers=mysql"], "tiers.mysql.url: where is it?");
    check_refused(&["tiers=mysql", "tiers.mysql.url=redis://:canary@h"], "mysql:// or mariadb://");
    check_refused(&["tiers=mysql", "tiers.mysql.url=mysql://u:canary@h"], "names no database");
    check_refused(&["tiers=mysql", MYSQL, "tiers.mysql.prefix=x"], "takes url, connections");
    check_refused(&["tiers=mysql", MYSQL, "tiers.mysql.max_bytes=1"], "only `memory` is bounded");
    let redis = ["tiers=redis", "tiers.redis.url=redis://u:canary@h"];
    check_refused(&[redis[0], redis[1], "tiers.redis.connections=0"], "tiers.redis.connections: ");
    check_refused(&[redis[0], redis[1], "tiers.redis.ca_file=x"], "do not begin with `rediss://`");
    check_refused(&["tiers=redis", "tiers.redis.url=127.0.0.1:1"], "redis:// or rediss://");
    check_refused(&["tiers=memcached", "tiers.memcached.url=u:canary@a:1"], "names a user");
    check_refused(&["tiers.memory.url=redis://:canary@h"], "embedded and takes none");
    check_refused(&["tiers.memory.shadow=true"], "`memory` takes max_bytes, retention");
    check_refused(&["tiers=memory,oracle"], "there are memory, sqlite, redis");
    check_refused(&["tiers=memory,memory"], "named twice");
    check_refused(&["data_dir="], "needs a data_dir");
    let redis =
        ["tiers=redis", "tiers.redis.urls=redis://a,redis://b", "tiers.redis.tracking=true"];
    check_refused(&redis, "`tracking` works with a single server");
    let login = ["tiers=memcached", "tiers.memcached.urls=memcache://u:canary@h:1"];
    check_refused(&login, "tiers.memcached.");
}

#[test]
fn books_that_instances_share_are_on_a_server() {
    // A file that two machines write is no ledger.
    let books = "ledger.url=postgres://cmc:canary@db/books";
    let replica = "ledger.reports_url=postgres://cmc:canary@replica/books";
    assert_eq!(check(&[books, replica]), Ok(Vec::new()));
    check_refused(&["ledger.url=sqlite:///canary.db"], "ledger.url: it must begin with mysql://");
    check_refused(&["ledger.url=postgres://u:canary@db"], "ledger.url: ");
    check_refused(&[replica], "replica of ledger.url, which is not set");
    check_refused(&[books, "ledger.reports_url=mysql://u:canary@db/b"], "ledger.reports_url: ");
    check_refused(&["ledger.retention=1"], "between 2 and 1200 months");
    let warned = check(&[books, "data_dir=", "tiers=memory"]).unwrap();
    assert!(warned[0].0.contains("there is no journal"), "{warned:?}");
}

#[test]
fn leases_come_from_the_best_tier_that_grants_them() {
    // Instances must agree on it without being told.
    let lessor = |flags: &[&str]| {
        let flags: Vec<_> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        let config = Config::load(None, &[], &flags).unwrap();
        (config.lessor().map(str::to_owned), config.notary().map(str::to_owned))
    };
    let some = |name: &str| Some(name.to_owned());
    assert_eq!(lessor(&[]), (None, None));
    assert_eq!(lessor(&["tiers=memory,memcached,mysql"]), (some("mysql"), None));
    assert_eq!(lessor(&["tiers=memory,memcached,valkey"]), (some("valkey"), some("valkey")));
    let set = ["tiers=redis,memcached", "shared.leases=memcached", "shared.notes=off"];
    assert_eq!(lessor(&set), (some("memcached"), None));
    assert_eq!(lessor(&["tiers=redis", "shared.leases=off"]), (None, some("redis")));
    let moving = ["tiers=redis,memcached", "tiers.redis.shadow=true"];
    assert_eq!(lessor(&moving), (some("memcached"), None), "a shadow decides nothing");
    check_refused(&["shared.leases=sqlite"], "(here: none)");
    let pool = "tiers.memcached.urls=127.0.0.1:1,127.0.0.1:2";
    let wrong = ["tiers=memory,memcached", pool, "shared.leases=redis"];
    check_refused(&wrong, "(here: memcached)");
}

#[test]
fn one_budget_is_counted_by_the_best_store_that_counts() {
    // Each instance would spend a budget of its own, or count where others do not look.
    let counter = |flags: &[&str]| {
        let flags: Vec<_> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        let config = Config::load(None, &[], &flags).unwrap();
        config.counter().map(|counter| match counter {
            Counter::Tier(name) => name.to_owned(),
            Counter::Ledger => LEDGER.to_owned(),
        })
    };
    let some = |name: &str| Some(name.to_owned());
    let ledger = "ledger.url=postgres://db/books";
    assert_eq!(counter(&[]), None);
    assert_eq!(counter(&["tiers=memory,memcached"]), None);
    assert_eq!(counter(&["tiers=memory,mysql,valkey"]), some("valkey"));
    assert_eq!(counter(&["tiers=memory,redis", "tiers.redis.shadow=true"]), None);
    assert_eq!(counter(&["tiers=memory", ledger]), some("ledger"));
    assert_eq!(counter(&["tiers=memory,redis", ledger]), some("redis"));
    assert_eq!(counter(&["tiers=redis", ledger, "shared.meter=ledger"]), some("ledger"));
    assert_eq!(counter(&["tiers=redis", "shared.meter=off"]), None);
    check_refused(&["shared.meter=redis"], "shared.meter = redis: it must be auto, off");
    check_refused(&["shared.meter=ledger"], "(here: none)");
    check_refused(&["budget.lease=0"], "budget.lease");
}

#[test]
fn who_acts_needs_a_token_of_its_own() {
    // A client that may read prices may not flush the cache.
    check_refused(&["admin.token="], "admin.token: the token is empty");
    check_refused(&["admin.token=canary", "clients.web=canary"], "clients.web has the same token");
    assert_eq!(check(&["admin.token=x", "clients.web=y"]), Ok(Vec::new()));
}

#[test]
fn passwords_in_urls_are_never_repeated() {
    // Config and its mistakes end in tickets.
    let urls = "tiers.redis.urls=redis://a:canary@h1,redis://b:canary@h2";
    let flags = [MYSQL, urls, "ledger.url=mysql://u:canary@db/b", "admin.token=canary"];
    let flags: Vec<_> = flags.iter().map(|flag| (*flag).to_owned()).collect();
    let config = Config::load(None, &[], &flags).unwrap();
    let shown = config.shown();
    assert!(!format!("{config:?} {shown:?}").contains("canary"), "{shown:?}");
    let value = |key: &str| shown.iter().find(|row| row.key == key).unwrap().value.clone();
    assert_eq!(value("tiers.redis.urls"), "redis://h1,redis://h2");
    assert_eq!(value("ledger.url"), "mysql://db/b");
    for file in [
        "[tier.redis]\nurls = \"redis://:canary@h\"",
        "[tier.redis]\nurls = [{ a = \"redis://:canary@h\" }]",
        "[tier.redis]\nurl = [\"redis://:canary@h\"]",
        "[ledger]\nurl = { a = \"canary\" }",
    ] {
        let error = Config::load(Some((file, "c.toml")), &[], &[]).unwrap_err();
        assert!(!error.0.contains("canary"), "{file}: {error}");
    }
}
