//! What may be done only in certain places.

use super::Finding;
use super::source::Source;

/// Something that is done in few places, so that a reader knows where to look for it.
struct Wall {
    law: &'static str,
    /// What the code must not say …
    patterns: &'static [&'static str],
    /// … below these folders …
    within: &'static [&'static str],
    /// … except here.
    doors: &'static [&'static str],
    advice: &'static str,
}

const EVERYWHERE: &[&str] = &["crates/"];

const WALLS: [Wall; 6] = [
    Wall {
        law: "spawn-site",
        patterns: &["tokio::spawn", ".spawn(", "task::spawn", "spawn_blocking", "thread::spawn"],
        within: EVERYWHERE,
        doors: &[
            "crates/engine/src/flight.rs",
            "crates/engine/src/flight/",
            "crates/cmcache/src/background.rs",
            "crates/gateway/src/serve.rs",
            "crates/cmc-sim/src/server.rs",
            "crates/cmcache-cli/",
        ],
        advice: "tasks are born in few files: move the work there, or return a future",
    },
    Wall {
        law: "upstream-caller",
        patterns: &["upstream.call(", "inner.call(", "Upstream::call(", ".call(&"],
        within: &["crates/engine/", "crates/cmc-api/", "crates/cmcache/"],
        doors: &[
            "crates/engine/src/fetch.rs",
            "crates/engine/src/fetch/",
            "crates/cmc-api/src/layers",
            "crates/cmc-api/src/client/request.rs",
            "crates/cmc-api/src/http",
            "crates/cmc-api/src/upstream.rs",
            "crates/cmc-api/src/scripted.rs",
        ],
        advice: "credits leave through engine::fetch alone: ask for the entry instead",
    },
    Wall {
        law: "system-clock",
        patterns: &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"],
        within: EVERYWHERE,
        doors: &[
            "crates/clock/",
            "crates/cmc-sim/src/clock.rs",
            "crates/cmcache-cli/",
            // Waits for company in the runtime's time, as every other wait does.
            "crates/engine/src/flight/boarding.rs",
        ],
        advice: "time is an argument: take `now`, or a clock::Clock",
    },
    Wall {
        law: "environment",
        patterns: &["std::env", "env::var", "env::args"],
        within: EVERYWHERE,
        doors: &["crates/cmcache-cli/"],
        advice: "only cmcache-cli reads the environment: take the value as configuration",
    },
    Wall {
        law: "print",
        patterns: &["println!", "eprintln!", "print!", "eprint!"],
        within: EVERYWHERE,
        doors: &["crates/cmcache-cli/"],
        advice: "only cmcache-cli prints: return the text, or emit a tracing event",
    },
    Wall {
        law: "exit",
        patterns: &["process::exit", "process::abort"],
        within: EVERYWHERE,
        doors: &["crates/cmcache-cli/"],
        advice: "only cmcache-cli ends the process: return an error",
    },
];

/// Spawning, calling upstream, telling the time, reading the environment, printing, exiting.
pub(super) fn walls(source: &Source) -> Vec<Finding> {
    if !source.is_rust() || source.is_test() || source.is_exam() {
        return Vec::new();
    }
    let is_below = |folders: &[&str]| folders.iter().any(|folder| source.path.starts_with(folder));
    let closed = WALLS.iter().filter(|wall| is_below(wall.within) && !is_below(wall.doors));
    closed.flat_map(|wall| breaches(source, wall)).collect()
}

fn breaches(source: &Source, wall: &Wall) -> Vec<Finding> {
    let lines = source.lines_outside_tests();
    lines
        .filter_map(|(number, line)| {
            let pattern = wall.patterns.iter().find(|pattern| says(line, pattern))?;
            let advice = format!("`{pattern}` here: {}", wall.advice);
            Some(Finding::new(&source.path, number, wall.law, advice))
        })
        .collect()
}

/// Whether the line contains the pattern as words of its own, not as the end of a longer name.
fn says(line: &str, pattern: &str) -> bool {
    line.match_indices(pattern).any(|(at, _)| {
        let is_joined = |letter: char| letter.is_alphanumeric() || letter == '_';
        pattern.starts_with('.') || !line[..at].ends_with(is_joined)
    })
}

#[cfg(test)]
mod tests;
