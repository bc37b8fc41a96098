//! The only place that reads the environment.

use std::{ffi::OsString, path::PathBuf};

use cmcache::cmc_api::Secret;

use crate::failure::Failure;

/// `CMCACHE_<SECTION>__<KEY>`.
const PREFIX: &str = "CMCACHE_";
/// Names with the prefix that are no settings: clap and tests read them.
const NO_SETTINGS: [&str; 6] = ["CONFIG", "DATA_DIR", "CLIENTS", "BIN", "SDK_PYTHON", "STRICT"];

/// What the environment says.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    /// `CMC_PRO_API_KEY`
    pub(crate) key: Option<Secret>,
    /// `CMCACHE_CONFIG`
    pub(crate) config: Option<PathBuf>,
    /// Dotted keys and values.
    pub(crate) settings: Vec<(String, String)>,
    /// `OTEL_SDK_DISABLED`: the standard's variables are not meant for now.
    is_export_disabled: bool,
}

/// What was typed, the program's name first.
pub(crate) fn arguments() -> Vec<OsString> {
    std::env::args_os().collect()
}

/// Whether colours are welcome: `NO_COLOR` is not set, and the terminal is more than a printer.
pub(crate) fn likes_colours() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Reads the process's environment.
pub(crate) fn read() -> Result<Environment, Failure> {
    of(std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))))
}

fn of(vars: impl Iterator<Item = (String, String)>) -> Result<Environment, Failure> {
    let mut environment = Environment::default();
    let mut standard = Vec::new();
    for (name, value) in vars {
        if value.is_empty() {
            continue;
        }
        match name.as_str() {
            "CMC_PRO_API_KEY" => environment.key = Some(Secret::new(&value)),
            "CMCACHE_CONFIG" => environment.config = Some(PathBuf::from(value)),
            "CMCACHE_DATA_DIR" => environment.settings.push(("data_dir".to_owned(), value)),
            "OTEL_SDK_DISABLED" => {
                environment.is_export_disabled = value.eq_ignore_ascii_case("true");
            }
            "CMCACHE_CLIENTS" => clients(&value, &mut environment.settings)?,
            _ => {
                standard.extend(of_standard(&name, &value));
                let Some(rest) = name.strip_prefix(PREFIX) else { continue };
                if NO_SETTINGS.contains(&rest) || rest.starts_with("TEST_") {
                    continue;
                }
                let key = rest.to_lowercase().replace("__", ".");
                environment.settings.push((key, value));
            }
        }
    }
    if environment.is_export_disabled {
        standard.clear();
    }
    // Our own names say what is meant for us.
    standard.retain(|(key, _)| environment.settings.iter().all(|(own, _)| own != key));
    environment.settings.extend(standard);
    environment.settings.sort();
    Ok(environment)
}

/// What OpenTelemetry's standard calls a setting of ours; the SDK reads the others itself. Such
/// variables are set for all programs of a machine: what is not for us, or cannot be, is none of
/// our mistakes.
fn of_standard(name: &str, value: &str) -> Option<(String, String)> {
    let (key, value) = match name {
        "OTEL_EXPORTER_OTLP_ENDPOINT" if value.starts_with("http") => {
            ("otel.endpoint", value.to_owned())
        }
        "OTEL_EXPORTER_OTLP_HEADERS" => ("otel.headers", value.to_owned()),
        "OTEL_SERVICE_NAME" => ("otel.service_name", value.to_owned()),
        // Samplers that are no share take no number.
        "OTEL_TRACES_SAMPLER_ARG"
            if value.parse().is_ok_and(|share: f64| (0.0..=1.0).contains(&share)) =>
        {
            ("otel.sample", value.to_owned())
        }
        "OTEL_METRIC_EXPORT_INTERVAL" if value.parse().is_ok_and(|ms: u32| ms >= 1_000) => {
            ("otel.metrics_interval", format!("{value}ms"))
        }
        _ => return None,
    };
    Some((key.to_owned(), value))
}

/// `name=token,name2=token2`
fn clients(value: &str, settings: &mut Vec<(String, String)>) -> Result<(), Failure> {
    for pair in value.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let Some((name, token)) = pair.split_once('=') else {
            return Err(Failure::usage("CMCACHE_CLIENTS must be name=token,name2=token2"));
        };
        settings.push((format!("clients.{}", name.trim()), token.trim().to_owned()));
    }
    Ok(())
}

/// `RUST_LOG`, if it is set.
pub(crate) fn log_filter() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    std::env::var("RUST_LOG").ok().filter(|filter| !filter.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Environment {
        of(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))).unwrap()
    }

    #[test]
    fn any_setting_can_be_given_by_its_name() {
        // Containers are configured by environment alone.
        let read = read(&[
            ("CMCACHE_FRESHNESS__QUOTES", "90s"),
            ("CMCACHE_DATA_DIR", "/data"),
            ("CMCACHE_CLIENTS", "web=1234, bot=x"),
            ("CMCACHE_BIN", "ignored"),
            ("PATH", "/bin"),
        ]);
        let pair = |k: &str, v: &str| (k.to_owned(), v.to_owned());
        assert_eq!(
            read.settings,
            [
                pair("clients.bot", "x"),
                pair("clients.web", "1234"),
                pair("data_dir", "/data"),
                pair("freshness.quotes", "90s"),
            ]
        );
    }

    #[test]
    fn the_standard_names_of_opentelemetry_are_known_and_ours_win() {
        // Operators set these once for all programs of a machine.
        let read = read(&[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:4318"),
            ("OTEL_SERVICE_NAME", "prices"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "5000"),
            ("OTEL_TRACES_SAMPLER_ARG", "endpoint=http://x"),
            ("CMCACHE_OTEL__ENDPOINT", "http://ours:4318"),
        ]);
        let pair = |k: &str, v: &str| (k.to_owned(), v.to_owned());
        assert_eq!(
            read.settings,
            [
                pair("otel.endpoint", "http://ours:4318"),
                pair("otel.metrics_interval", "5000ms"),
                pair("otel.service_name", "prices"),
            ]
        );
    }

    #[test]
    fn what_others_are_told_by_the_standard_s_names_keeps_nothing_from_running() {
        // A collector for gRPC, a sampler of another kind, all of it switched off.
        let grpc = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "soon"),
            ("OTEL_TRACES_SAMPLER_ARG", "17"),
        ];
        assert_eq!(read(&grpc).settings, []);
        let off = [("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"), ("OTEL_SDK_DISABLED", "true")];
        assert_eq!(read(&off).settings, []);
    }

    #[test]
    fn the_key_is_a_secret() {
        // Debug ends in logs.
        assert!(!format!("{:?}", read(&[("CMC_PRO_API_KEY", "canary")])).contains("canary"));
    }
}
