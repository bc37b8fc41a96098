//! What is worth an alert, where alerts go, and whether they arrive.

use std::process::ExitCode;

use cmcache::{
    Config, TrialError,
    clock::{Clock, SystemClock},
    credits::BurnAlarm,
    events::Kind,
    try_webhook,
};
use serde_json::json;

use crate::{
    args::{Alerts, AlertsAction, Shown},
    failure::Failure,
    print, setup,
};

/// Rules for Prometheus; the same file is in the documentation.
const RULES: &str = include_str!("../../../../docs/operating/alerts.yaml");

pub(crate) async fn run(args: &Alerts) -> Result<ExitCode, Failure> {
    match &args.action {
        AlertsAction::Test(shown) => test(shown).await,
        AlertsAction::List(shown) => list(shown),
        AlertsAction::Rules => {
            print::line(RULES.trim_end());
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Sends a trial event and prints what the receiver said.
async fn test(args: &Shown) -> Result<ExitCode, Failure> {
    let config = setup::config(&args.settings, &[])?;
    let tried = try_webhook(&config, SystemClock.now(), fastrand::u64(..)).await;
    let trial = tried.map_err(|error| match error {
        TrialError::Away(error) => Failure::unavailable(error.to_string()),
        TrialError::Config(error) => error.into(),
        TrialError::Nowhere => cmcache::config::ConfigError(error.to_string()).into(),
    })?;
    if args.json {
        let said = json!({
            "taken": trial.is_taken,
            "status": trial.status,
            "signed": trial.is_signed,
            "sent": trial.body,
            "answer": trial.answer,
        });
        print::line(&said.to_string());
    } else {
        let signed = if trial.is_signed { "signed" } else { "not signed" };
        print::line(&format!("sent ({signed}): {}", trial.body));
        print::line(&format!("the receiver answered {}: {}", trial.status, trial.answer.trim()));
        let end = if trial.is_taken { "alerts arrive" } else { "alerts would be tried again" };
        print::line(end);
    }
    Ok(if trial.is_taken { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is told, to whom, and from when.
fn list(args: &Shown) -> Result<ExitCode, Failure> {
    let config = setup::config(&args.settings, &[])?;
    if args.json {
        print::line(&listed(&config).to_string());
        return Ok(ExitCode::SUCCESS);
    }
    let (told, sent) = (config.switches().0, config.webhook.kinds());
    let has_webhook = config.webhook.url.is_some();
    let word = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let rows = Kind::ALL.iter().map(|kind| {
        let is_told = told.has(*kind);
        let is_sent = is_told && has_webhook && sent.has(*kind);
        vec![kind.name().to_owned(), word(is_told), word(is_sent), kind.tells().to_owned()]
    });
    print::table(&["event", "told", "webhook", "what it tells"], rows.collect());
    let levels = config.levels();
    let levels: Vec<String> = levels.as_slice().iter().map(|level| format!("{level} %")).collect();
    print::line(&format!("\nlevels of a day's and a month's credits: {}", levels.join(", ")));
    for alarm in BurnAlarm::ALL {
        print::line(&format!("burn alarm {}", rate(&alarm)));
    }
    Ok(ExitCode::SUCCESS)
}

fn listed(config: &Config) -> serde_json::Value {
    let (told, sent) = (config.switches().0, config.webhook.kinds());
    let has_webhook = config.webhook.url.is_some();
    let kinds = Kind::ALL.iter().map(|kind| {
        let is_told = told.has(*kind);
        json!({
            "event": kind.name(),
            "told": is_told,
            "webhook": is_told && has_webhook && sent.has(*kind),
            "tells": kind.tells(),
        })
    });
    let alarms = BurnAlarm::ALL.iter().map(|alarm| {
        json!({
            "alarm": alarm.name,
            "long_s": alarm.long.as_secs(),
            "short_s": alarm.short.as_secs(),
            "permille": alarm.permille,
        })
    });
    json!({
        "events": kinds.collect::<Vec<_>>(),
        "levels": config.levels().as_slice(),
        "burn_alarms": alarms.collect::<Vec<_>>(),
    })
}

fn rate(alarm: &BurnAlarm) -> String {
    let (whole, tenth) = (alarm.permille / 1_000, alarm.permille % 1_000 / 100);
    let (long, short) = (alarm.long.as_secs() / 60, alarm.short.as_secs() / 60);
    let name = alarm.name;
    format!("`{name}`: {whole}.{tenth} times the even rate over {long} and {short} minutes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_that_the_rules_name_exists() {
        // A rule over a metric that is not there never fires.
        let own: Vec<_> = cmcache::metrics().into_iter().chain(gateway::metrics::METRICS).collect();
        let is = |name: &str| own.iter().any(|(known, _)| *known == name);
        let known = |name: &str| is(name.strip_suffix("_bucket").unwrap_or(name));
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let words = RULES.split(|c: char| !is_part(c));
        let named: Vec<&str> = words.filter(|word| word.starts_with("cmcache_")).collect();
        assert!(named.len() > 8, "{named:?}");
        for name in named {
            assert!(known(name), "{name}");
        }
    }

    #[test]
    fn each_rule_has_what_prometheus_needs() {
        // A file that does not parse stops Prometheus from starting.
        let n =
            |word: &str| RULES.lines().filter(|line| line.trim_start().starts_with(word)).count();
        let rules = n("- alert: ");
        assert!(rules >= 8);
        for word in ["expr: ", "summary: ", "severity: "] {
            assert_eq!(n(word), rules, "{word}");
        }
        assert!(RULES.starts_with("# ") && RULES.contains("\ngroups:\n"));
        let balanced = |a: char, b: char| RULES.matches(a).count() == RULES.matches(b).count();
        assert!(balanced('(', ')') && balanced('{', '}') && !RULES.contains('\t'));
    }
}
