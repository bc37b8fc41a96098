//! From what was typed and set to a configuration, and from it to a running cache.

use std::{net::Ipv4Addr, path::Path, time::Duration};

use cmc_sim::{Sim, SimConfig};
use cmcache::{
    Cmcache, Config, Opening, Options,
    cmc_api::{Secret, metrics::CALL_SECONDS},
    config::{LogConfig, LogFormat, Source},
    monitor::{Monitor, MonitorConfig, Prometheus},
};
use gateway::metrics::ANSWER_SECONDS;
use tracing_subscriber::{EnvFilter, prelude::*};

use crate::{args::Settings, environment, exporting, failure::Failure, print};

/// A cache for one command, and the simulator in front of which it stands, if any.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) cmcache: Cmcache,
    pub(crate) sim: Option<Sim>,
}

/// The configuration from file, environment and flags, checked. Warnings are told.
pub(crate) fn config(settings: &Settings, flags: &[String]) -> Result<Config, Failure> {
    checked(unchecked(settings, flags)?)
}

/// The same, for who serves: from now on a collector is told, if there is one.
pub(crate) fn of_server(settings: &Settings, flags: &[String]) -> Result<Config, Failure> {
    let config = load(settings, flags)?;
    logging(&config.log, exporting::begin(&config.otel));
    exporting::warn_if_missing(&config.otel);
    checked(config)
}

/// The same, for who is about to make it one that can run.
pub(crate) fn unchecked(settings: &Settings, flags: &[String]) -> Result<Config, Failure> {
    let config = load(settings, flags)?;
    logging(&config.log, None);
    Ok(config)
}

fn checked(config: Config) -> Result<Config, Failure> {
    for warning in config.validate()? {
        print::error(&format!("cmcache: {}", warning.0));
    }
    Ok(config)
}

fn load(settings: &Settings, flags: &[String]) -> Result<Config, Failure> {
    let environment = environment::read()?;
    let path = settings.config.as_deref().or(environment.config.as_deref());
    let text = path.map(read).transpose()?;
    let name = path.map(|path| path.display().to_string()).unwrap_or_default();
    let mut all: Vec<String> = Vec::new();
    if let Some(url) = settings.upstream.as_deref().map(url_of).transpose()? {
        all.push(format!("upstream.url={url}"));
    }
    if let Some(dir) = &settings.data_dir {
        all.push(format!("data_dir={}", dir.display()));
    }
    all.extend(settings.set.iter().cloned());
    all.extend(flags.iter().cloned());
    let file = text.as_deref().map(|text| (text, name.as_str()));
    let mut config = Config::load(file, &environment.settings, &all)?;
    // The simulator of this process has a key of its own.
    if let (None, Some(key), false) = (&config.upstream.key, environment.key, is_sim(&config)) {
        config.upstream.key = Some(key);
        config.origins.insert("upstream.key".to_owned(), Source::Environment);
    }
    Ok(config)
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        cmcache::config::ConfigError(format!("{}: {error}", path.display())).into()
    })
}

/// The documented names of upstreams. The simulator's address is known only once it runs.
fn url_of(name: &str) -> Result<String, Failure> {
    Ok(match name {
        "pro" => "https://pro-api.coinmarketcap.com".to_owned(),
        "keyless" => "https://pro-api.coinmarketcap.com/public-api".to_owned(),
        "sandbox" => "https://sandbox-api.coinmarketcap.com".to_owned(),
        "sim" => SIM.to_owned(),
        url if url.starts_with("http://") || url.starts_with("https://") => url.to_owned(),
        other => {
            return Err(Failure::usage(format!(
                "--upstream {other}: it must be pro, keyless, sandbox, sim or a URL"
            )));
        }
    })
}

/// Stands for the simulator of this process until it has an address: a name that never resolves.
const SIM: &str = "http://sim.invalid";

/// Whether the simulator of this process is meant.
pub(crate) fn is_sim(config: &Config) -> bool {
    config.upstream.url == SIM
}

/// Starts a cache as configured, with a simulator of its own if one is asked for.
pub(crate) async fn start(config: Config) -> Result<Running, Failure> {
    start_telling(config, Opening::default()).await
}

/// The same, where somebody wants to know what it waits for.
pub(crate) async fn start_telling(
    mut config: Config,
    opening: Opening,
) -> Result<Running, Failure> {
    let mut sim = None;
    if is_sim(&config) {
        let running = simulator(SimConfig::default()).await?;
        config.upstream.url = running.url();
        config.upstream.key = Some(Secret::new(cmc_sim::DEFAULT_KEY));
        sim = Some(running);
    }
    let traces = exporting::traces(&config.otel);
    let monitor =
        Monitor::new(MonitorConfig { traces: traces.clone(), ..MonitorConfig::default() });
    let mut prometheus = Prometheus::new();
    if let Some(traces) = traces {
        prometheus = prometheus.with_exemplars(traces, &[CALL_SECONDS, ANSWER_SECONDS]);
    }
    // A second recorder in one process would be a mistake of ours; the first one serves.
    drop(metrics::set_global_recorder(exporting::beside(prometheus.recorder())));
    let (monitor, prometheus) = (Some(monitor), Some(prometheus));
    let options = Options { monitor, prometheus, opening, ..Options::default() };
    let cmcache = Cmcache::start(config, options).await?;
    exporting::observe(cmcache.monitor());
    Ok(Running { cmcache, sim })
}

/// A simulator on a free port.
pub(crate) async fn simulator(config: SimConfig) -> Result<Sim, Failure> {
    let anywhere = (Ipv4Addr::LOCALHOST, 0).into();
    let started = Sim::start(config, anywhere).await;
    started.map_err(|error| Failure::unavailable(format!("the simulator: {error}")))
}

impl Running {
    /// Writes the books and ends everything.
    pub(crate) async fn end(self) {
        self.cmcache.drain(Duration::from_secs(20)).await;
        if let Some(sim) = self.sim {
            sim.stop().await;
        }
    }
}

/// Log lines go to standard error; `RUST_LOG` wins over the configuration. Spans go to a collector,
/// if there is one.
pub(crate) fn logging(config: &LogConfig, spans: Option<exporting::Spans>) {
    let layers = layers(config, environment::log_filter(), spans);
    // Already installed: then whoever was first listens.
    drop(tracing_subscriber::registry().with(layers).try_init());
}

fn layers(
    config: &LogConfig,
    wished: Option<String>,
    spans: Option<exporting::Spans>,
) -> Vec<exporting::Spans> {
    let filter = wished.unwrap_or_else(|| config.filter.clone());
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|error| {
        print::error(&format!("cmcache: log.filter: {error}; `warn` it is"));
        EnvFilter::new("warn")
    });
    let logs = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let logs = match config.format {
        LogFormat::Text => logs.with_filter(filter).boxed(),
        LogFormat::Json => logs.json().with_filter(filter).boxed(),
    };
    spans.into_iter().chain([logs]).collect()
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::{filter::LevelFilter, registry};

    use super::*;

    #[test]
    fn while_nobody_exports_whatever_is_below_the_log_s_level_is_off() {
        // Else every hit would pay for spans that nobody reads: this is what makes them one
        // comparison.
        for format in [LogFormat::Text, LogFormat::Json] {
            let config = LogConfig { format, ..LogConfig::default() };
            let level = |wished: Option<&str>| {
                let layers = layers(&config, wished.map(str::to_owned), None);
                tracing::Subscriber::max_level_hint(&registry().with(layers))
            };
            assert_eq!(level(None), Some(LevelFilter::WARN));
            assert_eq!(level(Some("info,engine=debug")), Some(LevelFilter::DEBUG));
        }
    }
}
