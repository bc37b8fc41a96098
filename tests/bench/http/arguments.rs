//! What was typed.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use lexopt::prelude::{Long, ValueExt};

pub(crate) const HELP: &str = "\
bench-http [--quick] [--json] [--exporting] [--rounds N] [--seconds N] [--connections N] [--subject gateway|sim]
           [--server-core N] [--client-core N]

  --quick        3 rounds of 1 second instead of 7 of 4: shows a trend, decides nothing
  --json         print one JSON document instead of a table
  --exporting    what it costs that spans are exported, instead; the program must be built with
                 the feature otel
  --subject sim  the simulator in the gateway's place: tries the yardstick itself
";

/// What this process is for.
#[derive(Debug)]
pub(crate) enum Role {
    Help,
    /// Measure.
    Contest(Plan),
    /// Serve the answers in this file: the bare hyper server.
    Bytes(PathBuf),
    /// Be the paid API.
    Sim,
    /// Measure what exporting costs.
    Exporting(Plan),
    /// Take what is exported.
    Collector,
}

/// How to measure.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) n_rounds: usize,
    pub(crate) length: Duration,
    pub(crate) n_connections: usize,
    pub(crate) server_core: usize,
    pub(crate) client_core: usize,
    pub(crate) is_sim_subject: bool,
    pub(crate) is_json: bool,
}

#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) role: Role,
}

impl Arguments {
    pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Self> {
        let mut plan = Plan {
            n_rounds: 7,
            length: Duration::from_secs(4),
            n_connections: 32,
            server_core: 0,
            client_core: 1,
            is_sim_subject: false,
            is_json: false,
        };
        let mut is_exporting = false;
        while let Some(argument) = parser.next()? {
            match argument {
                Long("help") => return Ok(Self { role: Role::Help }),
                Long("bytes") => return Ok(Self { role: Role::Bytes(parser.value()?.into()) }),
                Long("sim") => return Ok(Self { role: Role::Sim }),
                Long("collector") => return Ok(Self { role: Role::Collector }),
                Long("exporting") => is_exporting = true,
                Long("quick") => (plan.n_rounds, plan.length) = (3, Duration::from_secs(1)),
                Long("json") => plan.is_json = true,
                Long("rounds") => plan.n_rounds = parser.value()?.parse()?,
                Long("seconds") => plan.length = Duration::from_secs(parser.value()?.parse()?),
                Long("connections") => plan.n_connections = parser.value()?.parse()?,
                Long("server-core") => plan.server_core = parser.value()?.parse()?,
                Long("client-core") => plan.client_core = parser.value()?.parse()?,
                Long("subject") => plan.is_sim_subject = is_sim(&parser.value()?.string()?)?,
                _ => return Err(argument.unexpected()).context("see --help"),
            }
        }
        let is_sane = plan.n_rounds > 0 && !plan.length.is_zero() && plan.n_connections > 0;
        anyhow::ensure!(is_sane, "--rounds, --seconds and --connections must be at least 1");
        Ok(Self { role: if is_exporting { Role::Exporting(plan) } else { Role::Contest(plan) } })
    }
}

fn is_sim(name: &str) -> Result<bool> {
    match name {
        "gateway" => Ok(false),
        "sim" => Ok(true),
        _ => anyhow::bail!("--subject is gateway or sim, not {name}"),
    }
}
