//! `get` and `price`: one question, through the same engine as the gateway's.

mod coins;
mod pages;
mod source;
mod target;

use std::process::ExitCode;

use cmcache::cmc_api::Catalogue;

use self::{
    source::{Estimated, Got, Source},
    target::Target,
};
use crate::{
    args::{Asked, Get, Output, Price},
    failure::Failure,
    print,
    progress::Progress,
    setup,
    show::{self, Form},
    tell,
};

pub(crate) async fn get(args: &Get) -> Result<ExitCode, Failure> {
    let config = setup::config(&args.settings, &[])?;
    let catalogue = config.catalogue().map_err(Failure::from)?;
    if args.list {
        list(&catalogue, args.output.json);
        return Ok(ExitCode::SUCCESS);
    }
    let target = target(args.asked.as_ref(), &catalogue)?;
    if args.all {
        pages::check(&target)?;
    }
    let output = &args.output;
    let is_piped = (output.json || output.raw || output.csv) && !print::is_terminal();
    let progress = Progress { is_shown: print::is_watched() && !is_piped && !output.quiet };
    let source = Source::open(config, args.gateway.url.as_deref()).await?;
    let done = async {
        let target = coins::resolved(&source, target, (&catalogue, progress)).await?;
        if args.dry_run {
            price_of(&source, &target, output.json).await?;
            return Ok(());
        }
        let got = match args.all {
            true => pages::all(&source, target.clone(), progress).await?,
            false => progress.wait("asking", source.ask(&target)).await?,
        };
        printed(&got, &target, output)
    };
    let done = done.await;
    source.end().await;
    done.map(|()| ExitCode::SUCCESS)
}

pub(crate) async fn price(args: &Price) -> Result<ExitCode, Failure> {
    let config = setup::config(&args.settings, &[])?;
    let catalogue = config.catalogue().map_err(Failure::from)?;
    let target = target(args.asked.as_ref().map(|priced| &priced.0), &catalogue)?;
    let source = Source::open(config, args.gateway.url.as_deref()).await?;
    let priced = price_of(&source, &target, args.json).await;
    source.end().await;
    priced.map(|()| ExitCode::SUCCESS)
}

fn target(asked: Option<&Asked>, catalogue: &Catalogue) -> Result<Target, Failure> {
    let missing = "what? A friendly name or a path: see `cmcache get --help` and `--list`";
    let target = Target::of(asked.ok_or_else(|| Failure::usage(missing))?, catalogue)?;
    target.check(catalogue)?;
    Ok(target)
}

async fn price_of(source: &Source, target: &Target, json: bool) -> Result<(), Failure> {
    let Estimated { with_cache, without_cache, calls } = source.estimate(target).await?;
    if json {
        let calls = calls
            .iter()
            .map(|(call, credits)| serde_json::json!({ "call": call, "credits": credits }));
        let json = serde_json::json!({
            "credits_with_cache": with_cache,
            "credits_without_cache": without_cache,
            "calls": calls.collect::<Vec<_>>(),
        });
        print::line(&json.to_string());
        return Ok(());
    }
    print::line(&format!("now, with the cache:  {}", credits(with_cache)));
    print::line(&format!("without a cache:      {}", credits(without_cache)));
    for (call, credits) in &calls {
        print::line(&format!("  {credits} for {}", show::shortened(call, 100)));
    }
    Ok(())
}

fn printed(got: &Got, target: &Target, output: &Output) -> Result<(), Failure> {
    if !output.quiet {
        let (age, cache) = (got.age, &got.cache);
        print::error(&format!("cmcache: {cache}, {age} s old, {}", credits(got.charged)));
    }
    if output.raw {
        print::raw(&got.body);
        return Ok(());
    }
    if output.json {
        print::raw(&got.data);
        return Ok(());
    }
    let form = match output.csv {
        true => Form::Csv,
        false => Form::Table { width: output.width.map(usize::from).or_else(print::width) },
    };
    let text = String::from_utf8_lossy(&got.data);
    if show::show(&text, &target.path, form) { Ok(()) } else { Err(Failure::nothing_found()) }
}

fn credits(n: u64) -> String {
    if n == 1 { "1 credit".to_owned() } else { format!("{n} credits") }
}

fn list(catalogue: &Catalogue, json: bool) {
    let rows = tell::rows(catalogue);
    if json {
        let rows = rows.iter().map(|[method, path, price, plan, remarks, summary]| {
            serde_json::json!({ "method": method, "path": path, "price": price, "plan": plan,
                "remarks": remarks, "summary": summary })
        });
        print::line(&serde_json::Value::Array(rows.collect()).to_string());
        return;
    }
    let heading = ["method", "path", "price", "plan", "remarks", "summary"];
    print::table(&heading, rows.into_iter().map(Vec::from).collect());
}
