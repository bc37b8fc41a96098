//! Does each client pay its share, keep its quota, and get what is reserved for it?

use bytes::Bytes;
use futures_util::future::join_all;
use harness::{Client, Gateway, GatewaySpec, PATIENCE, Reply, Sim, eventually_async};
use http::Method;
use serde_json::Value;
use tokio::task::JoinSet;

use crate::market;

/// Long enough for all askers of a test to board one flight.
const LONG_WINDOW: &str = "upstream.boarding_window=300ms";
const SHORT_WINDOW: &str = "upstream.boarding_window=1ms";
/// The budget of a day that two clients share, and the half of it that is reserved for one.
const BUDGET: u64 = 60;
const RESERVED: u64 = 30;
/// More than the budget, however many of them share a call.
const ROUNDS_MAX: usize = 2_000;

fn named(gateway: &Gateway, token: &str) -> Client {
    Client::new(format!("http://{}", gateway.authority()), Some(token))
}

fn quote(id: u64) -> String {
    format!("/v3/cryptocurrency/quotes/latest?id={id}")
}

/// Asks for a coin anew: nothing that is cached will do.
async fn anew(client: &Client, id: u64) -> Reply {
    let fresh = [("Cache-Control", "no-cache")];
    client.request(Method::GET, &quote(id), &fresh, Bytes::new()).await.expect("a reply")
}

fn number(reply: &Reply, header: &str) -> u64 {
    let text = reply.header(header).unwrap_or_else(|| panic!("no {header}: {}", reply.text()));
    text.parse().unwrap_or_else(|_| panic!("{header}: {text}"))
}

fn paid(reply: &Reply) -> u64 {
    number(reply, "x-cmcache-credits")
}

fn code(reply: &Reply) -> i64 {
    // Half of the API writes it as text.
    let body: Value = serde_json::from_slice(&reply.body).expect("errors are JSON");
    let code = body["status"]["error_code"].to_string();
    code.trim_matches('"').parse().expect("errors have a code")
}

/// What the gateway says of a client.
async fn told(asker: &Client, name: &str) -> Value {
    let reply = asker.get("/_cmcache/api/v1/clients").await;
    let all: Vec<Value> = serde_json::from_slice(&reply.body).expect("a list of clients");
    all.into_iter().find(|client| client["name"] == name).expect("the client is listed")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_miss_of_five_clients_is_paid_by_all_of_them_and_the_shares_are_the_bill() {
    // Breaks: one of five pays for all, or the shares do not sum up to what the API charged.
    let sim = Sim::frozen().await;
    let names = ["a", "b", "c", "d", "e"];
    let tokens = names.map(|name| format!("{name}=t-{name}")).join(",");
    let spec = GatewaySpec::before(&sim).env("CMCACHE_CLIENTS", &tokens).set(LONG_WINDOW);
    let gateway = spec.start().await;
    let clients: Vec<Client> =
        names.iter().map(|name| named(&gateway, &format!("t-{name}"))).collect();
    let mut sums = [0; 5];
    for id in market::active(&sim).await.iter().map(|coin| coin.id).take(5) {
        let before = sim.bill().credits;
        let replies = join_all(clients.iter().map(|client| anew(client, id))).await;
        let charged = sim.bill().credits - before;
        assert_eq!(replies.iter().map(paid).sum::<u64>(), charged);
        assert_eq!(charged, 1, "all of them boarded one flight");
        sums.iter_mut().zip(&replies).for_each(|(sum, reply)| *sum += paid(reply));
    }
    assert_eq!(sums, [1; 5], "each of five calls was another's turn");
    for (name, client) in names.iter().zip(&clients) {
        assert_eq!(told(client, name).await["day"]["used"], 1, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_up_quota_is_told_in_the_apis_words_and_hits_go_on() {
    // Breaks: clients branch on 1009 and wait for its Retry-After; and what is cached costs nobody.
    let sim = Sim::frozen().await;
    let spec = GatewaySpec::before(&sim).env("CMCACHE_CLIENTS", "web=t-web,bot=t-bot");
    let spec = spec.set("quotas.web.day=1").set("quotas.web.month=50").set("quotas.web.minute=90");
    let gateway = spec.start().await;
    let (web, bot) = (named(&gateway, "t-web"), named(&gateway, "t-bot"));
    let first = anew(&web, 1).await;
    assert_eq!((first.status, paid(&first)), (200, 1));
    let policy = "\"minute\";q=90;w=60, \"day\";q=1;qu=\"credits\";w=86400";
    assert!(first.header("ratelimit-policy").unwrap().starts_with(policy), "{:?}", first.headers);
    assert!(first.header("ratelimit").unwrap().contains("\"day\";r=0;t="), "{:?}", first.headers);
    // Another currency has no entry that could be old.
    let refused = web.get("/v3/cryptocurrency/quotes/latest?id=1&convert=EUR").await;
    assert_eq!((refused.status, code(&refused)), (429, 1009), "{}", refused.text());
    assert!((1..=86_400).contains(&number(&refused, "retry-after")));
    let hit = web.get(&quote(1)).await;
    assert_eq!((hit.status, hit.header("x-cmcache-cache")), (200, Some("full")));
    let info: Value = serde_json::from_slice(&web.get("/v1/key/info").await.body).unwrap();
    let (plan, usage) = (&info["data"]["plan"], &info["data"]["usage"]);
    assert_eq!(
        (&plan["credit_limit_daily"], &plan["credit_limit_monthly"]),
        (&1.into(), &50.into())
    );
    assert_eq!(plan["rate_limit_minute"], 90);
    assert_eq!(
        (&usage["current_day"]["credits_left"], &usage["current_month"]["credits_used"]),
        (&0.into(), &1.into())
    );
    let other = bot.get("/v3/cryptocurrency/quotes/latest?id=1&convert=EUR").await;
    assert_eq!((other.status, paid(&other)), (200, 1), "a quota is one client's");
    assert!(other.header("ratelimit").is_none(), "who has no quota is told none");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_minute_of_a_client_counts_hits_too() {
    // Breaks: the API counts requests, cached or not; clients pace themselves by that.
    let sim = Sim::frozen().await;
    let spec = GatewaySpec::before(&sim).env("CMCACHE_CLIENTS", "web=t-web,bot=t-bot");
    let gateway = spec.set("quotas.web.minute=3").start().await;
    let web = named(&gateway, "t-web");
    // The minute may turn between two requests, hence twice as many and one more.
    let mut replies = Vec::new();
    for _ in 0..7 {
        replies.push(web.get(&quote(1)).await);
    }
    let refused: Vec<&Reply> = replies.iter().filter(|reply| reply.status == 429).collect();
    assert!(!refused.is_empty(), "seven requests went through two minutes of three");
    for reply in refused {
        assert_eq!(code(reply), 1008);
        assert!((1..=60).contains(&number(reply, "retry-after")));
        assert!(reply.header("ratelimit").unwrap().starts_with("\"minute\";r=0;t="));
    }
    assert_eq!(named(&gateway, "t-bot").get(&quote(1)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_used_survives_kill_nine() {
    // Breaks: a crash gives every client its quota anew.
    let sim = Sim::frozen().await;
    let spec = GatewaySpec::before(&sim).env("CMCACHE_CLIENTS", "web=t-web");
    let gateway = spec.set("quotas.web.month=5").set(SHORT_WINDOW).start().await;
    let web = named(&gateway, "t-web");
    let ids: Vec<u64> = market::active(&sim).await.iter().map(|coin| coin.id).take(5).collect();
    for id in &ids[..3] {
        assert_eq!(paid(&anew(&web, *id).await), 1);
    }
    let gateway = gateway.kill().start().await;
    let web = named(&gateway, "t-web");
    assert_eq!(told(&web, "web").await["month"]["used"], 3);
    assert_eq!(paid(&anew(&web, ids[3]).await) + paid(&anew(&web, ids[4]).await), 2);
    let refused = web.get("/v3/cryptocurrency/quotes/latest?id=1&convert=EUR").await;
    assert_eq!((refused.status, code(&refused)), (429, 1010), "{}", refused.text());
    assert_eq!(sim.bill().credits, 5);
}

/// What the modest client paid, and the bill, when another one asks for all it can get meanwhile.
async fn beside_the_greedy(reserved: &str) -> (u64, u64) {
    let sim = Sim::frozen().await;
    let spec = GatewaySpec::before(&sim).env("CMCACHE_CLIENTS", "vip=t-vip,greedy=t-greedy");
    let spec = spec.set(&format!("budget.day={BUDGET}")).set(SHORT_WINDOW);
    let gateway = spec.set(&format!("quotas.vip.reserved={reserved}")).start().await;
    let ids: Vec<u64> = market::active(&sim).await.iter().map(|coin| coin.id).collect();
    let greedy = named(&gateway, "t-greedy");
    let mut storm = JoinSet::new();
    for task in 0..24 {
        let (greedy, ids) = (greedy.clone(), ids.clone());
        storm.spawn(async move {
            // Until it gets nothing new any more.
            for round in 0..ROUNDS_MAX {
                let reply = anew(&greedy, ids[(task * 20 + round) % ids.len()]).await;
                if reply.status != 200 || reply.header("x-cmcache-cache") == Some("stale") {
                    return;
                }
            }
            panic!("the budget of a day has no end");
        });
    }
    let vip = named(&gateway, "t-vip");
    let mut vip_paid = 0;
    let mut turn = ids.iter().rev().cycle();
    while !storm.is_empty() && vip_paid < RESERVED / 4 {
        let reply = anew(&vip, *turn.next().expect("it goes round")).await;
        vip_paid += if reply.status == 200 { paid(&reply) } else { 0 };
        while let Some(asked) = storm.try_join_next() {
            asked.expect("no asker panics");
        }
    }
    while let Some(asked) = storm.join_next().await {
        asked.expect("no asker panics");
    }
    // Then as long as it gets anything new; two refusals in a row are the end.
    let mut n_refused = 0;
    while n_refused < 2 {
        let reply = anew(&vip, *turn.next().expect("it goes round")).await;
        let is_new = reply.status == 200 && reply.header("x-cmcache-cache") != Some("stale");
        n_refused = if is_new { 0 } else { n_refused + 1 };
        vip_paid += if is_new { paid(&reply) } else { 0 };
    }
    (vip_paid, sim.bill().credits)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_greedy_client_cannot_push_another_below_its_reserved_share() {
    // The promise, under overload: 24 askers take all they can get. The same without a reserve
    // shows that it is the reserve which keeps them off.
    let (vip_paid, bill) = beside_the_greedy("50%").await;
    assert!(vip_paid >= RESERVED, "only {vip_paid} of {RESERVED} reserved credits were left");
    assert!(bill <= BUDGET, "{bill} of {BUDGET} were spent");
    let (vip_paid, bill) = beside_the_greedy("0%").await;
    assert!(vip_paid < RESERVED, "{vip_paid}: nothing was reserved, and the greedy took nothing?");
    assert!(bill <= BUDGET, "{bill} of {BUDGET} were spent");
}

/// Runs `cmcache client …` beside the gateway.
fn run(gateway: &Gateway, arguments: &[&str]) -> (bool, String) {
    let mut command = gateway.spec().command(&["client"]);
    command.args(arguments).arg("--data-dir").arg(gateway.spec().folder());
    let output = command.output().expect("the binary runs");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_come_and_go_while_the_gateway_runs() {
    // Breaks: a leaked token is good until somebody dares to restart.
    let sim = Sim::frozen().await;
    let gateway = GatewaySpec::before(&sim).start().await;
    assert_eq!(named(&gateway, "whatever").get(&quote(1)).await.status, 200, "nobody has a token");
    let (done, token) = run(&gateway, &["add", "web", "--month", "500", "--reserved", "12.5%"]);
    assert!(done && token.starts_with("cmcache_") && !token.contains(char::is_whitespace));
    let web = named(&gateway, &token);
    eventually_async("the door to close", PATIENCE, || async {
        (named(&gateway, "whatever").get(&quote(1)).await.status == 401).then_some(())
    })
    .await;
    assert_eq!(web.get(&quote(1)).await.status, 200);
    let url = format!("http://{}", gateway.authority());
    let (done, listed) = run(&gateway, &["list", "--json"]);
    assert!(done && listed.contains("\"web\"") && listed.contains("12.5%"), "{url}: {listed}");
    assert!(!listed.contains(&token), "{listed}");
    assert!(!run(&gateway, &["add", "web"]).0, "a name is given once");
    let (done, _) = run(&gateway, &["revoke", "web"]);
    assert!(done);
    eventually_async("the token to be refused", PATIENCE, || async {
        (web.get(&quote(1)).await.status == 401).then_some(())
    })
    .await;
    // The last one has gone; that does not let everybody in.
    assert_eq!(named(&gateway, "whatever").get(&quote(1)).await.status, 401);
}
