use std::{process::ExitCode, time::Duration};

use gateway::{Gateway, GatewayConfig};

use crate::{args::Serve, failure::Failure, print, setup};

/// How long requests and flights may take to end once a signal came.
const GRACE: Duration = Duration::from_secs(20);

pub(crate) async fn run(args: &Serve) -> Result<ExitCode, Failure> {
    let listen: Vec<String> = args.listen.iter().map(|addr| format!("listen={addr}")).collect();
    let config = setup::config(&args.settings, &listen)?;
    let gateway = GatewayConfig {
        clients: config.clients.clone().into_iter().collect(),
        grace: GRACE,
        ..GatewayConfig::on(config.listen)
    };
    let address = config.listen;
    let running = setup::start(config).await?;
    let bound = Gateway::new(running.cmcache.clone(), gateway).bind().await;
    let bound = bound.map_err(|error| Failure::unavailable(format!("{address}: {error}")))?;
    print::line(&format!("cmcache listens on http://{}", bound.addr()));
    if let Some(sim) = &running.sim {
        print::line(&format!("upstream is the simulator at {}", sim.url()));
    }
    warm(&running.cmcache);
    let drained = bound.run(stop()).await;
    if !drained.complete {
        print::error("cmcache: some requests did not end within the grace");
    }
    running.end().await;
    Ok(ExitCode::SUCCESS)
}

/// The free map is had before the first client needs it; without it the gateway serves all the
/// same.
#[expect(clippy::disallowed_methods, reason = "nobody waits for it; it ends with the process")]
fn warm(cmcache: &cmcache::Cmcache) {
    let cmcache = cmcache.clone();
    drop(tokio::task::spawn(async move {
        if let Err(error) = cmcache.load_names().await {
            tracing::warn!(%error, "the map of all coins could not be read yet");
        }
    }));
}

/// Ready at SIGTERM or SIGINT.
pub(crate) async fn stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return interrupted().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        () = interrupted() => {}
    }
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
