//! Client tokens: given out, listed, revoked.

use std::process::ExitCode;

use cmcache::{
    Config,
    clients::ClientFile,
    clock::{Clock, SystemClock},
    credits::{Credits, Quota},
};
use serde_json::{Value, json};

use super::remote;
use crate::{
    args::{At, ClientAction, ClientAdd, ClientRevoke},
    failure::Failure,
    print, setup,
};

const PATH: &str = "/_cmcache/api/v1/clients";

pub(crate) async fn run(action: &ClientAction) -> Result<ExitCode, Failure> {
    match action {
        ClientAction::Add(args) => add(args)?,
        ClientAction::List(args) => list(args).await?,
        ClientAction::Revoke(args) => revoke(args)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn add(args: &ClientAdd) -> Result<(), Failure> {
    let config = setup::unchecked(&args.settings, &[])?;
    if config.clients.contains_key(&args.name) {
        return Err(Failure::usage(format!("`{}` is in the configuration already", args.name)));
    }
    let quota = Quota {
        month: args.month.map(Credits::new),
        day: args.day.map(Credits::new),
        minute: args.minute,
        priority: args.priority,
        reserved: args.reserved,
    };
    let added = file(&config)?.add(&args.name, quota, SystemClock.now())?;
    let token = added.token.expose();
    if args.json {
        let said = json!({ "name": args.name, "token": token, "quota": quota });
        print::line(&said.to_string());
    } else {
        // Alone on standard output, so that a script can take it.
        print::error(&format!("client `{}` is added; its token is shown this once:", args.name));
        print::line(token);
    }
    Ok(())
}

fn revoke(args: &ClientRevoke) -> Result<(), Failure> {
    let config = setup::unchecked(&args.settings, &[])?;
    if config.clients.contains_key(&args.name) {
        let why = format!("`{}` is in the configuration: take it out there", args.name);
        return Err(Failure::usage(why));
    }
    file(&config)?.revoke(&args.name)?;
    if args.json {
        print::line(&json!({ "name": args.name, "revoked": true }).to_string());
    } else {
        print::line(&format!("client `{}` is revoked", args.name));
    }
    Ok(())
}

fn file(config: &Config) -> Result<ClientFile, Failure> {
    let path = config.clients_file().ok_or_else(|| {
        Failure::usage("nothing is kept without data_dir: set it, or shared.clients")
    })?;
    Ok(ClientFile::at(path))
}

/// As the gateway tells it; where none is running, what is written down.
async fn list(args: &At) -> Result<(), Failure> {
    let config = setup::unchecked(&args.settings, &[])?;
    let clients = match &args.url {
        Some(url) => asked(url, &config).await?,
        None => match asked(&remote::configured(config.listen), &config).await {
            Ok(clients) => clients,
            Err(_) => written(&config)?,
        },
    };
    if args.json {
        print::line(&Value::Array(clients).to_string());
        return Ok(());
    }
    let heading = ["client", "in", "month", "day", "minute", "priority", "reserved"];
    print::table(&heading, clients.iter().map(row).collect());
    Ok(())
}

async fn asked(url: &str, config: &Config) -> Result<Vec<Value>, Failure> {
    match remote::get(url, PATH, config).await? {
        (200, Value::Array(clients)) => Ok(clients),
        (status, body) => {
            Err(Failure::unavailable(format!("{url}: the gateway answers HTTP {status}: {body}")))
        }
    }
}

/// The same members as a gateway's, without those that only it knows.
fn written(config: &Config) -> Result<Vec<Value>, Failure> {
    let entry = |name: &str, listed: &str, quota: &Quota| {
        json!({
            "name": name,
            "listed": listed,
            "priority": quota.priority,
            "reserved": quota.reserved,
            "month": { "limit": quota.month },
            "day": { "limit": quota.day },
            "minute": { "limit": quota.minute },
        })
    };
    let set = config.clients.keys().map(|name| {
        let quota = config.quotas.get(name).copied().unwrap_or_default();
        entry(name, "config", &quota)
    });
    let mut all: Vec<Value> = set.collect();
    let kept = match config.clients_file() {
        Some(path) => ClientFile::at(path).read()?.unwrap_or_default(),
        None => Vec::new(),
    };
    for client in kept.iter().filter(|client| !config.clients.contains_key(&client.name)) {
        let quota = config.quotas.get(&client.name).unwrap_or(&client.quota);
        all.push(entry(&client.name, "file", quota));
    }
    Ok(all)
}

fn row(client: &Value) -> Vec<String> {
    let window = |name: &str| {
        let window = &client[name];
        let limit = window["limit"].as_u64().map_or("-".to_owned(), |limit| limit.to_string());
        match window["used"].as_u64() {
            Some(used) => format!("{used} of {limit}"),
            None => limit,
        }
    };
    let text = |name: &str| client[name].as_str().unwrap_or("-").to_owned();
    vec![
        text("name"),
        text("listed"),
        window("month"),
        window("day"),
        window("minute"),
        text("priority"),
        text("reserved"),
    ]
}
