//! The dashboard in a terminal; where nobody watches, one look as plain lines.

use std::{process::ExitCode, time::Duration};

use cmcache::Config;
use tokio::sync::mpsc;

use super::remote;
use crate::{
    args::Watch,
    failure::Failure,
    print, setup,
    watch::{Heard, Key, Looked, Screen, View, follow, keys, look},
};

/// How soon the stream of events is tried again.
const AGAIN: Duration = Duration::from_secs(2);
/// Events that wait for the screen.
const EVENTS_WAITING_MAX: usize = 64;

pub(crate) async fn run(args: &Watch) -> Result<ExitCode, Failure> {
    let config = setup::config(&args.at.settings, &[])?;
    let url = args.at.url.clone().unwrap_or_else(|| remote::configured(config.listen));
    if args.at.json || args.once || !print::is_terminal() {
        let looked = look(&url, &config).await?;
        once(&url, looked, args.at.json);
        return Ok(ExitCode::SUCCESS);
    }
    let (tell, news) = mpsc::channel(EVENTS_WAITING_MAX);
    let (show, looks) = mpsc::channel(1);
    let every = Duration::from_secs(args.every);
    let ended = tokio::select! {
        ended = watch(View::of(&url), every, looks, news) => ended,
        () = ask(&url, &config, every, &show) => Ok(()),
        () = listen(&url, &config, &tell) => Ok(()),
    };
    ended.map_err(|error| Failure::from(anyhow::Error::from(error)))?;
    Ok(ExitCode::SUCCESS)
}

type Look = Result<Looked, Failure>;

/// Asks for ever, whatever becomes of the gateway.
async fn ask(url: &str, config: &Config, every: Duration, show: &mpsc::Sender<Look>) {
    let mut beat = tokio::time::interval(every);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        if show.send(look(url, config).await).await.is_err() {
            return;
        }
    }
}

/// Listens for ever, whatever becomes of the gateway.
async fn listen(url: &str, config: &Config, tell: &mpsc::Sender<Heard>) {
    loop {
        // Why it broke shows where the looks fail.
        drop(follow(url, config, tell).await);
        tokio::time::sleep(AGAIN).await;
    }
}

async fn watch(
    mut view: View,
    every: Duration,
    mut looks: mpsc::Receiver<Look>,
    mut news: mpsc::Receiver<Heard>,
) -> std::io::Result<()> {
    let mut screen = Screen::take()?;
    let mut pressed = keys();
    loop {
        screen.show(&view)?;
        tokio::select! {
            Some(look) = looks.recv() => match look {
                _ if view.is_paused => {}
                Ok(looked) => view.saw(looked),
                Err(failure) => view.missed(failure.message().to_owned(), every),
            },
            Some(heard) = news.recv() => view.heard(heard),
            key = pressed.recv() => match key {
                Some(Key::Quit) | None => return Ok(()),
                Some(Key::Pause) => view.is_paused = !view.is_paused,
                Some(Key::Resized) => {}
            },
        }
    }
}

/// One look, for pipes and scripts.
fn once(url: &str, looked: Looked, json: bool) {
    if json {
        let whole = serde_json::json!({
            "status": looked.status,
            "credits": looked.credits,
            "timeline": looked.timeline,
            "health": looked.health,
            "ledger": looked.ledger,
            "slow": looked.slow,
            "forecast": looked.forecast,
        });
        return print::line(&whole.to_string());
    }
    let mut view = View::of(url);
    view.saw(looked);
    print::line(&view.title());
    print::line(&format!("health: {}", view.health()));
    print::line(&format!("credits: {}", view.credits().words));
    print::line(&format!("requests: {}\n", view.rate()));
    let strings = |rows: Vec<[String; 3]>| rows.into_iter().map(Vec::from).collect();
    let tiers = view.tiers().into_iter().map(Vec::from).collect();
    print::table(&["found where", "breaker", "entities", "asked in ms: 50 % / 99 %"], tiers);
    print::line("");
    print::table(&["check", "status", "what it says"], strings(view.checks()));
}
