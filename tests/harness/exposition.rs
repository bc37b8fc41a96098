//! The text that Prometheus scrapes, read as strictly as its format is written.
//!
//! Whoever scrapes may forgive what this does not: a name that is told of twice, a family in two
//! places, a bucket that counts less than the one below it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};

/// A page of metrics, by family.
pub type Exposition = BTreeMap<String, Family>;

/// What belongs to one name.
#[derive(Debug, Clone, Default)]
pub struct Family {
    /// What it tells.
    pub help: Option<String>,
    /// `counter`, `gauge`, `histogram`, `summary` or `untyped`.
    pub kind: String,
    /// Its samples, in their order.
    pub samples: Vec<Sample>,
}

/// One line of figures.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The family's name, with the ending of a part of a histogram.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its value.
    pub value: f64,
}

const KINDS: [&str; 5] = ["counter", "gauge", "histogram", "summary", "untyped"];

/// Reads a page.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn exposition(text: &str) -> Result<Exposition> {
    ensure!(text.ends_with('\n'), "the last line does not end");
    let mut page = Exposition::new();
    let mut current = String::new();
    for line in text.lines() {
        let read = read_line(&mut page, &mut current, line);
        read.with_context(|| format!("in the line {line:?}"))?;
    }
    for (name, family) in &page {
        check(name, family).with_context(|| name.clone())?;
    }
    Ok(page)
}

fn read_line(page: &mut Exposition, current: &mut String, line: &str) -> Result<()> {
    if line.is_empty() {
        return Ok(());
    }
    if let Some(rest) = line.strip_prefix("# HELP ") {
        let (name, help) = rest.split_once(' ').unwrap_or((rest, ""));
        let family = enter(page, current, name)?;
        ensure!(family.help.is_none(), "it is told of twice");
        ensure!(family.samples.is_empty(), "told of after its samples");
        family.help = Some(help.to_owned());
    } else if let Some(rest) = line.strip_prefix("# TYPE ") {
        let (name, kind) = rest.split_once(' ').context("no type")?;
        ensure!(KINDS.contains(&kind), "no such type: {kind}");
        let family = enter(page, current, name)?;
        ensure!(family.kind.is_empty(), "its type is told twice");
        ensure!(family.samples.is_empty(), "its type is told after its samples");
        kind.clone_into(&mut family.kind);
    } else if !line.starts_with('#') {
        let sample = sample(line)?;
        let kind = page.get(&*current).map_or("", |family| &family.kind);
        let parts: &[&str] = match kind {
            "histogram" => &["_bucket", "_sum", "_count"],
            "summary" => &["", "_sum", "_count"],
            _ => &[""],
        };
        let is_of_it = parts.iter().any(|part| sample.name == format!("{current}{part}"));
        ensure!(is_of_it, "it does not stand below its type");
        page.entry(current.clone()).or_default().samples.push(sample);
    }
    Ok(())
}

/// A family's lines stand together.
fn enter<'a>(page: &'a mut Exposition, current: &mut String, name: &str) -> Result<&'a mut Family> {
    ensure!(is_name(name, true), "no name of a metric: {name}");
    if current != name {
        ensure!(!page.contains_key(name), "its lines stand in two places");
        name.clone_into(current);
    }
    Ok(page.entry(name.to_owned()).or_default())
}

fn is_name(name: &str, may_have_colons: bool) -> bool {
    let is_letter = |letter: char| {
        letter.is_ascii_alphabetic() || letter == '_' || (may_have_colons && letter == ':')
    };
    name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit())
}

fn sample(line: &str) -> Result<Sample> {
    let end = line.find(['{', ' ']).context("no value")?;
    let (name, rest) = line.split_at(end);
    ensure!(is_name(name, true), "no name of a metric");
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(rest) => labels(rest)?,
        None => (BTreeMap::new(), rest),
    };
    let mut words = rest.strip_prefix(' ').context("no space before the value")?.split(' ');
    let value = value(words.next().unwrap_or_default())?;
    if let Some(at) = words.next() {
        at.parse::<i64>().context("no instant in milliseconds")?;
    }
    ensure!(words.next().is_none(), "more than a value and an instant");
    Ok(Sample { name: name.to_owned(), labels, value })
}

/// The labels, and what follows their brace.
fn labels(mut rest: &str) -> Result<(BTreeMap<String, String>, &str)> {
    let mut labels = BTreeMap::new();
    loop {
        if let Some(rest) = rest.strip_prefix('}') {
            return Ok((labels, rest));
        }
        let (name, after) = rest.split_once("=\"").context("a label without a value")?;
        ensure!(is_name(name, false), "no name of a label: {name}");
        let (text, after) = quoted(after)?;
        ensure!(labels.insert(name.to_owned(), text).is_none(), "a label twice: {name}");
        rest = match after.strip_prefix(',') {
            Some(after) => after,
            None if after.starts_with('}') => after,
            None => bail!("no comma between labels"),
        };
    }
}

/// A text up to its quote, and what follows.
fn quoted(text: &str) -> Result<(String, &str)> {
    let mut out = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Ok((out, &text[at + 1..])),
            '\\' => out.push(match letters.next() {
                Some((_, 'n')) => '\n',
                Some((_, kept @ ('\\' | '"'))) => kept,
                other => bail!("no such escape: {other:?}"),
            }),
            letter => out.push(letter),
        }
    }
    bail!("a text without an end")
}

fn value(text: &str) -> Result<f64> {
    match text {
        "+Inf" => Ok(f64::INFINITY),
        "-Inf" => Ok(f64::NEG_INFINITY),
        "NaN" => Ok(f64::NAN),
        // Rust reads words that Prometheus does not.
        _ if text.contains(|letter: char| letter.is_alphabetic() && letter != 'e') => {
            bail!("no number: {text}")
        }
        _ => text.parse().with_context(|| format!("no number: {text}")),
    }
}

/// What only the whole family tells.
fn check(name: &str, family: &Family) -> Result<()> {
    ensure!(!family.kind.is_empty(), "its type is not told");
    let mut seen = BTreeSet::new();
    for sample in &family.samples {
        ensure!(seen.insert((&sample.name, &sample.labels)), "a series twice: {sample:?}");
        let is_count = family.kind == "counter" || sample.name.ends_with("_bucket");
        ensure!(!is_count || sample.value >= 0.0, "it counts below nothing: {sample:?}");
    }
    if family.kind == "histogram" {
        check_buckets(name, family)?;
    }
    Ok(())
}

fn check_buckets(name: &str, family: &Family) -> Result<()> {
    let mut series: BTreeMap<BTreeMap<String, String>, Vec<(f64, f64)>> = BTreeMap::new();
    for sample in family.samples.iter().filter(|sample| sample.name.ends_with("_bucket")) {
        let mut labels = sample.labels.clone();
        let bound = labels.remove("le").context("a bucket without a bound")?;
        series.entry(labels).or_default().push((value(&bound)?, sample.value));
    }
    for (labels, buckets) in series {
        let is_rising =
            buckets.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1);
        ensure!(is_rising, "buckets that do not rise: {labels:?}");
        let last = buckets.last().copied().unwrap_or_default();
        ensure!(last.0 == f64::INFINITY, "no last bucket: {labels:?}");
        let part = |ending: &str| {
            let name = format!("{name}{ending}");
            let found = family.samples.iter().find(|one| one.name == name && one.labels == labels);
            found.map(|one| one.value).with_context(|| format!("no {name} of {labels:?}"))
        };
        ensure!(part("_count")? == last.1, "the last bucket is not the count: {labels:?}");
        part("_sum")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
