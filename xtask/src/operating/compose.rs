//! The file for Docker Compose, and the one that builds its image.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};
use xshell::cmd;

use super::{Environment, Examples};
use crate::tools;

const YAML: &str = "PyYAML==6.0.3";
const TO_JSON: &str = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)";
/// What a variable may look like in a value: `${NAME}`, `${NAME:?why}`.
const OPENS: &str = "${";

/// How many services there are.
pub(super) fn check(examples: &Examples<'_>, environment: &Environment) -> Result<usize> {
    let text = examples.read("compose.yaml")?;
    let file = Compose::read(&parse(examples, &text)?)?;
    let image = Image::read(examples, &examples.read("Dockerfile")?).context("Dockerfile")?;
    check_variables(&text, environment)?;
    file.check_volumes(examples)?;
    let mut taken = BTreeSet::new();
    for (name, service) in &file.services {
        let one = Service { file: &file, body: service };
        one.check(examples, &image, &mut taken).with_context(|| name.clone())?;
        if service.get("build").is_some() {
            one.check_gateway(examples, environment).with_context(|| name.clone())?;
        }
    }
    let_compose_check(examples)?;
    Ok(file.services.len())
}

/// The real one, where it is there.
fn let_compose_check(examples: &Examples<'_>) -> Result<()> {
    let sh = &examples.workspace.sh;
    let is_there = examples.workspace.has("docker")
        && cmd!(sh, "docker compose version").quiet().ignore_stderr().read().is_ok();
    if !is_there {
        return Ok(());
    }
    let (file, variables) =
        (examples.folder.join("compose.yaml"), examples.folder.join("cmcache.env.example"));
    Ok(cmd!(sh, "docker compose --env-file {variables} -f {file} config --quiet").quiet().run()?)
}

fn parse(examples: &Examples<'_>, text: &str) -> Result<Value> {
    let python = tools::venv(examples.workspace, "yaml", YAML)?.join("bin/python");
    let json = cmd!(examples.workspace.sh, "{python} -c {TO_JSON}").stdin(text).quiet().read()?;
    Ok(serde_json::from_str(&json)?)
}

/// Each variable that is used has an example, and each example is used.
fn check_variables(text: &str, environment: &Environment) -> Result<()> {
    let used: BTreeSet<&str> = text.split(OPENS).skip(1).map(name_of).collect();
    let known: BTreeSet<&str> = environment.keys().map(String::as_str).collect();
    let odd: Vec<_> = used.symmetric_difference(&known).copied().collect();
    ensure!(odd.is_empty(), "used, or in cmcache.env.example, but not both: {}", odd.join(", "));
    Ok(())
}

fn name_of(rest: &str) -> &str {
    rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default()
}

/// The value with its variables replaced.
pub(super) fn filled(text: &str, environment: &Environment) -> String {
    let mut pieces = text.split(OPENS);
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let value = environment.get(name_of(piece)).map_or("", String::as_str);
        whole.push_str(value);
        whole.push_str(piece.split_once('}').map_or("", |(_, after)| after));
    }
    whole
}

#[derive(Debug)]
pub(super) struct Compose {
    services: BTreeMap<String, Map<String, Value>>,
    volumes: BTreeSet<String>,
}

impl Compose {
    pub(super) fn read(file: &Value) -> Result<Self> {
        let services = file["services"].as_object().context("it names no services")?;
        let services = services.iter().map(|(name, body)| {
            let body = body.as_object().with_context(|| format!("{name} is empty"))?;
            Ok((name.clone(), body.clone()))
        });
        let volumes = file["volumes"].as_object().into_iter().flatten();
        let volumes = volumes.map(|(name, _)| name.clone()).collect();
        Ok(Self { services: services.collect::<Result<_>>()?, volumes })
    }

    /// Each volume that is used is declared, each that is declared is used by one service alone,
    /// and each file is there.
    fn check_volumes(&self, examples: &Examples<'_>) -> Result<()> {
        let mut used = BTreeSet::new();
        for mount in self.services.values().flat_map(|body| texts(body.get("volumes"))) {
            let source = mount.split(':').next().unwrap_or_default();
            if source.starts_with('.') {
                ensure!(examples.folder.join(source).is_file(), "there is no file {source}");
            } else {
                ensure!(self.volumes.contains(source), "`{source}` is not among the volumes");
                ensure!(used.insert(source.to_owned()), "two services write to `{source}`");
            }
        }
        let idle: Vec<_> = self.volumes.difference(&used).cloned().collect();
        ensure!(idle.is_empty(), "volumes that nobody uses: {}", idle.join(", "));
        Ok(())
    }
}

pub(super) struct Service<'a> {
    pub(super) file: &'a Compose,
    pub(super) body: &'a Map<String, Value>,
}

impl<'a> Service<'a> {
    fn check(
        &self,
        examples: &Examples<'_>,
        image: &Image,
        taken: &mut BTreeSet<String>,
    ) -> Result<()> {
        self.check_needs()?;
        for published in texts(self.body.get("ports")) {
            let (host, port) = published.rsplit_once(':').context("ports: host:container")?;
            ensure!(taken.insert(host.to_owned()), "the port {host} is taken twice");
            let inside =
                texts(self.body.get("expose")).chain(image.ports.iter().map(String::as_str));
            ensure!(inside.into_iter().any(|known| known == port), "nobody listens on {port}");
        }
        let Some(build) = self.body.get("build") else {
            ensure!(self.body.contains_key("image"), "neither an image nor a build");
            return Ok(());
        };
        let context = examples.folder.join(build["context"].as_str().context("build.context")?);
        let dockerfile = build["dockerfile"].as_str().context("build.dockerfile")?;
        ensure!(context.join(dockerfile).is_file(), "there is no {dockerfile}");
        Ok(())
    }

    /// Those that it waits for are there, and say when they are well if that is waited for.
    pub(super) fn check_needs(&self) -> Result<()> {
        for (other, how) in
            self.body.get("depends_on").and_then(Value::as_object).into_iter().flatten()
        {
            let body = self.file.services.get(other);
            let body = body.with_context(|| format!("depends_on: there is no `{other}`"))?;
            let waits = how["condition"] == "service_healthy";
            ensure!(!waits || body.contains_key("healthcheck"), "`{other}` has no healthcheck");
        }
        Ok(())
    }

    /// The program takes its command line, its health check and its settings.
    fn check_gateway(&self, examples: &Examples<'_>, variables: &Environment) -> Result<()> {
        let command: Vec<String> = texts(self.body.get("command")).map(str::to_owned).collect();
        examples.check_command(&command)?;
        let health = self.body.get("healthcheck").context("no healthcheck")?;
        let mut test = texts(health.get("test")).map(str::to_owned);
        ensure!(test.next().is_some_and(|how| how == "CMD"), "healthcheck: not by CMD");
        ensure!(test.next().is_some_and(|program| program == "cmcache"), "healthcheck: not ours");
        examples.check_command(&test.collect::<Vec<_>>())?;
        let mut environment = self.environment(variables)?;
        for (name, value) in environment.iter().filter(|(name, _)| name.contains("URL")) {
            self.check_url(value).with_context(|| name.clone())?;
        }
        let inside = environment.remove("CMCACHE_CONFIG").context("CMCACHE_CONFIG is not set")?;
        let mut mounts = texts(self.body.get("volumes")).filter_map(|mount| mount.split_once(':'));
        let found = mounts.find(|(_, place)| place.split(':').next() == Some(inside.as_str()));
        let (file, _) = found.with_context(|| format!("nothing is mounted at {inside}"))?;
        examples.check_config(Some(&examples.folder.join(file)), &environment)
    }

    fn environment(&self, variables: &Environment) -> Result<Environment> {
        let set = self.body.get("environment").and_then(Value::as_object);
        let set = set.context("environment: write it as NAME: value")?;
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Ok(set
            .iter()
            .map(|(name, value)| (name.clone(), filled(&text(value), variables)))
            .collect())
    }

    /// Where it leads is a service, at a port that it has.
    pub(super) fn check_url(&self, url: &str) -> Result<()> {
        let place = url.split_once("://").map_or(url, |(_, place)| place);
        let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
        let authority = place.split('/').next().unwrap_or_default();
        let (host, port) = authority.split_once(':').context("it names no port")?;
        let Some(body) = self.file.services.get(host) else {
            bail!("there is no service `{host}`")
        };
        let has = texts(body.get("expose")).any(|known| known == port);
        ensure!(has, "`{host}` does not expose {port}");
        Ok(())
    }
}

/// What the Dockerfile promises.
struct Image {
    ports: Vec<String>,
}

impl Image {
    fn read(examples: &Examples<'_>, text: &str) -> Result<Self> {
        let root = &examples.workspace.root;
        let lines = |word: &'static str| {
            text.lines().filter_map(move |line| line.trim().strip_prefix(word)).map(str::trim)
        };
        for copy in lines("COPY ").filter(|copy| !copy.starts_with("--from")) {
            let mut sources: Vec<&str> = copy.split_whitespace().collect();
            sources.pop();
            let absent = sources.iter().find(|source| !root.join(source).exists());
            ensure!(absent.is_none(), "COPY {copy}: not there");
        }
        let manifest: toml::Table =
            toml::from_str(&std::fs::read_to_string(root.join("Cargo.toml"))?)?;
        let rust = manifest["workspace"]["package"]["rust-version"].as_str().unwrap_or_default();
        ensure!(text.contains(&format!("FROM rust:{rust}-")), "it does not build with Rust {rust}");
        let entry = lines("ENTRYPOINT ").next().context("no ENTRYPOINT")?;
        ensure!(entry == "[\"cmcache\"]", "ENTRYPOINT {entry}: services start `cmcache`");
        let command = lines("CMD ").next().context("no CMD")?;
        examples.check_command(&serde_json::from_str::<Vec<String>>(command)?)?;
        Ok(Self { ports: lines("EXPOSE ").map(str::to_owned).collect() })
    }
}

fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
