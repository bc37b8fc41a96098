use std::{io, process::ExitCode, time::Duration};

use cmcache::Opening;
use gateway::{Gateway, GatewayConfig};

use crate::{args::Serve, failure::Failure, print, setup, setup::Running};

/// How long requests and flights may take to end once a signal came.
const GRACE: Duration = Duration::from_secs(20);

pub(crate) async fn run(args: &Serve) -> Result<ExitCode, Failure> {
    let listen: Vec<String> = args.listen.iter().map(|addr| format!("listen={addr}")).collect();
    let config = setup::of_server(&args.settings, &listen)?;
    let (address, opening) = (config.listen, Opening::default());
    let unavailable = |error: io::Error| Failure::unavailable(format!("{address}: {error}"));
    // First of all: whoever asks meanwhile is told that it starts, and where the address is taken,
    // no store is touched.
    let gateway = GatewayConfig { grace: GRACE, ..GatewayConfig::on(address) };
    let gateway = Gateway::bind(&gateway, opening.clone()).map_err(unavailable)?;
    let (door, url) = (gateway.door(), format!("http://{}", gateway.addr()));
    let serving = gateway.run(stop());
    tokio::pin!(serving);
    let running = tokio::select! {
        running = Box::pin(setup::start_telling(config, opening)) => running?,
        // Told to stop before there was anything to end.
        _ = &mut serving => return Ok(ExitCode::SUCCESS),
    };
    // The free map is had before the first client needs it: the gateway is not ready before.
    running.cmcache.load_names_behind();
    door.open(running.cmcache.clone()).map_err(unavailable)?;
    announce(&url, &running);
    running.cmcache.warm_behind();
    let drained = serving.await;
    if !drained.complete {
        print::error("cmcache: some requests did not end within the grace");
    }
    running.end().await;
    Ok(ExitCode::SUCCESS)
}

/// Says where it is, once it answers: scripts wait for this.
fn announce(url: &str, running: &Running) {
    print::line(&format!("cmcache listens on {url}"));
    if let Some(sim) = &running.sim {
        print::line(&format!("upstream is the simulator at {}", sim.url()));
    }
    let catalogue = running.cmcache.catalogue();
    print::line(&format!(
        "the catalogue of {} is in force: {} operations",
        catalogue.effective(),
        catalogue.operations().len()
    ));
}

/// Ready at SIGTERM or SIGINT. From this call on, not only from the first await, neither of them
/// ends the process by itself.
pub(crate) fn stop() -> impl Future<Output = ()> + Send {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
    async move {
        match signals {
            [Ok(mut terminate), Ok(mut interrupt)] => tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            },
            // Then the system's own way of ending a process is all there is.
            _ => std::future::pending().await,
        }
    }
}
