//! The unit file for systemd.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use xshell::cmd;

use super::Examples;

const FILE: &str = "cmcache.service";

/// Words that may stand in each section: what systemd would ignore with a warning does not protect.
const KEYS: [(&str, &[&str]); 3] = [
    (
        "Unit",
        &[
            "Description",
            "Documentation",
            "Wants",
            "After",
            "StartLimitIntervalSec",
            "StartLimitBurst",
        ],
    ),
    (
        "Service",
        &[
            "Type",
            "ExecStart",
            "EnvironmentFile",
            "Restart",
            "RestartSec",
            "RestartPreventExitStatus",
            "KillSignal",
            "TimeoutStopSec",
            "LimitNOFILE",
            "DynamicUser",
            "StateDirectory",
            "StateDirectoryMode",
            "UMask",
            "CapabilityBoundingSet",
            "AmbientCapabilities",
            "NoNewPrivileges",
            "ProtectSystem",
            "ProtectHome",
            "ProtectClock",
            "ProtectControlGroups",
            "ProtectHostname",
            "ProtectKernelLogs",
            "ProtectKernelModules",
            "ProtectKernelTunables",
            "ProtectProc",
            "PrivateDevices",
            "PrivateTmp",
            "PrivateUsers",
            "RemoveIPC",
            "LockPersonality",
            "MemoryDenyWriteExecute",
            "RestrictAddressFamilies",
            "RestrictNamespaces",
            "RestrictRealtime",
            "RestrictSUIDSGID",
            "SystemCallArchitectures",
            "SystemCallFilter",
        ],
    ),
    ("Install", &["WantedBy"]),
];
/// Words that add to what was said before; any other is said once.
const REPEATED: [&str; 1] = ["SystemCallFilter"];

pub(super) fn check(examples: &Examples<'_>) -> Result<()> {
    let text = examples.read(FILE)?;
    let lines = parse(&text)?;
    let value = |key: &str| {
        let found = lines.iter().find(|(_, known, _)| *known == key);
        found.map(|(_, _, value)| *value).with_context(|| format!("no {key}"))
    };
    let mut words = value("ExecStart")?.split_whitespace().map(str::to_owned);
    let program = words.next().unwrap_or_default();
    ensure!(program.ends_with("/cmcache"), "ExecStart: not cmcache");
    examples.check_command(&words.collect::<Vec<_>>())?;
    let variables = value("EnvironmentFile")?.rsplit('/').next().unwrap_or_default();
    let example = format!("{variables}.example");
    ensure!(examples.folder.join(&example).is_file(), "there is no {example}");
    let_systemd_check(examples, &text.replace(&program, &examples.binary.display().to_string()))
}

/// Section, key and value of each line.
pub(super) fn parse(text: &str) -> Result<Vec<(&str, &str, &str)>> {
    let mut lines = Vec::new();
    let mut section: Option<&(&str, &[&str])> = None;
    let mut said = BTreeSet::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let known = KEYS.iter().find(|(known, _)| *known == name);
            section = Some(known.with_context(|| format!("there is no section [{name}]"))?);
            continue;
        }
        let (name, keys) = section.context("a line before the first section")?;
        let (key, value) = line.split_once('=').with_context(|| format!("no value: {line}"))?;
        ensure!(keys.contains(&key), "[{name}] has no {key}");
        ensure!(REPEATED.contains(&key) || said.insert(key), "{key} is said twice");
        lines.push((*name, key, value));
    }
    Ok(lines)
}

/// The real one, where it is there, with the program that was built in the place of the installed.
fn let_systemd_check(examples: &Examples<'_>, text: &str) -> Result<()> {
    if !examples.workspace.has("systemd-analyze") {
        return Ok(());
    }
    let sh = &examples.workspace.sh;
    let copy = examples.workspace.target.join("operating").join(FILE);
    sh.write_file(&copy, text)?;
    let output =
        cmd!(sh, "systemd-analyze verify --man=no {copy}").quiet().ignore_status().output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success() && said.is_empty(), "systemd-analyze: {}", said.trim());
    Ok(())
}
