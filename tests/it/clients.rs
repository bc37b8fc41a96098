//! What does a client with a token of its own see of the gateway?

use harness::{Client, Gateway, GatewaySpec, PATIENCE, Sim, eventually_async};
use serde_json::Value;

async fn gateway(sim: &Sim) -> Gateway {
    let spec = GatewaySpec::before(sim).env("CMCACHE_CLIENTS", "web=t-web,bot=t-bot");
    spec.set("budget.month=9000").start().await
}

fn client(gateway: &Gateway, token: &str) -> Client {
    Client::new(format!("http://{}", gateway.authority()), Some(token))
}

async fn read(client: &Client, target: &str) -> Value {
    serde_json::from_slice(&client.get(target).await.body).expect("own paths say JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sees_its_own_minute_and_the_budget_that_holds_for_it() {
    // Breaks: clients read the plan behind the gateway's key, and spend what is not theirs.
    let sim = Sim::frozen().await;
    let gateway = gateway(&sim).await;
    let web = client(&gateway, "t-web");
    web.get("/v3/cryptocurrency/quotes/latest?id=1").await;
    let told = read(&web, "/v1/key/info").await;
    let (plan, usage) = (&told["data"]["plan"], &told["data"]["usage"]);
    assert_eq!(plan["credit_limit_monthly"], 9_000);
    assert_eq!(usage["current_month"]["credits_used"], 1);
    assert_eq!(usage["current_month"]["credits_left"], 8_999);
    assert_eq!(told["status"]["error_code"], 0);
    // Both requests may lie on two sides of a full minute.
    let made = usage["current_minute"]["requests_made"].as_u64().unwrap();
    assert!((1..=2).contains(&made), "{told}");
    let told = read(&client(&gateway, "t-bot"), "/v1/key/info").await;
    assert_eq!(told["data"]["usage"]["current_minute"]["requests_made"], 1, "not its neighbour's");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_own_path_says_what_the_description_promises() {
    // Breaks: programs written from openapi.json meet members that nobody described.
    let sim = Sim::frozen().await;
    let gateway = gateway(&sim).await;
    let web = client(&gateway, "t-web");
    web.get("/v3/cryptocurrency/quotes/latest?id=1").await;
    let described = read(&web, "/_cmcache/api/v1/openapi.json").await;
    let mut n_compared = 0;
    for (path, item) in described["paths"].as_object().unwrap() {
        // Paths that act have tests of their own: asking them changes something.
        if item.get("get").is_none() {
            assert!(item["post"].is_object(), "{path} has a method that nobody tests");
            continue;
        }
        // Streams do not end.
        if item["get"]["responses"]["200"]["content"]["text/event-stream"].is_object() {
            continue;
        }
        let reply = web.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        let content = &item["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        let Some(schema) = schema_of(&described, content) else { continue };
        let said: Value = serde_json::from_slice(&reply.body).unwrap();
        let first = if said.is_array() { &said[0] } else { &said };
        let Some(members) = first.as_object() else { continue };
        for name in members.keys() {
            assert!(schema["properties"].get(name).is_some(), "{path} says {name}");
        }
        for name in schema["required"].as_array().unwrap() {
            assert!(members.contains_key(name.as_str().unwrap()), "{path} lacks {name}");
        }
        n_compared += 1;
    }
    assert!(n_compared >= 6, "only {n_compared} documents were compared");
}

/// The schema of an object, or of the elements of a list.
fn schema_of<'a>(document: &'a Value, schema: &'a Value) -> Option<&'a Value> {
    let schema = if schema["type"] == "array" { &schema["items"] } else { schema };
    let target = schema["$ref"].as_str()?;
    document.pointer(target.strip_prefix('#')?)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_tells_what_one_client_paid_and_a_client_only_what_it_paid_itself() {
    // Breaks: nobody can check a bill, or everybody can read that of others.
    let sim = Sim::frozen().await;
    let spec = GatewaySpec::before(&sim).env("CMCACHE_CLIENTS", "web=t-web,bot=t-bot");
    let gateway = spec.set("admin.token=t-operator").start().await;
    let (web, bot) = (client(&gateway, "t-web"), client(&gateway, "t-bot"));
    web.get("/v3/cryptocurrency/quotes/latest?id=1").await;
    bot.get("/v1/global-metrics/quotes/latest").await;
    let of_web = "/_cmcache/api/v1/ledger?client=web";
    let told = eventually_async("the share of a client in the ledger", PATIENCE, || async {
        let told = read(&web, of_web).await;
        (!told.as_array()?.is_empty()).then_some(told)
    })
    .await;
    let postings = told.as_array().unwrap();
    assert_eq!(postings.len(), 1, "{told}");
    assert_eq!(postings[0]["operation"], "/v3/cryptocurrency/quotes/latest");
    assert_eq!(postings[0]["charged"], 1);
    assert_eq!(bot.get(of_web).await.status, 403);
    let key = read(&bot, "/_cmcache/api/v1/ledger").await;
    assert!(key.as_array().unwrap().len() >= 2, "the key's own charges: {key}");
}
