use std::{process::ExitCode, time::Duration};

use gateway::{Gateway, GatewayConfig};

use crate::{args::Serve, failure::Failure, print, setup};

/// How long requests and flights may take to end once a signal came.
const GRACE: Duration = Duration::from_secs(20);

pub(crate) async fn run(args: &Serve) -> Result<ExitCode, Failure> {
    let listen: Vec<String> = args.listen.iter().map(|addr| format!("listen={addr}")).collect();
    let config = setup::of_server(&args.settings, &listen)?;
    let gateway = GatewayConfig { grace: GRACE, ..GatewayConfig::on(config.listen) };
    let address = config.listen;
    let running = setup::start(config).await?;
    // The free map is had before the first client needs it: the gateway is not ready before.
    running.cmcache.load_names_behind();
    let bound = Gateway::new(running.cmcache.clone(), gateway).bind();
    let bound = bound.map_err(|error| Failure::unavailable(format!("{address}: {error}")))?;
    let stop = stop();
    print::line(&format!("cmcache listens on http://{}", bound.addr()));
    if let Some(sim) = &running.sim {
        print::line(&format!("upstream is the simulator at {}", sim.url()));
    }
    let catalogue = running.cmcache.catalogue();
    print::line(&format!(
        "the catalogue of {} is in force: {} operations",
        catalogue.effective(),
        catalogue.operations().len()
    ));
    running.cmcache.warm_behind();
    let drained = bound.run(stop).await;
    if !drained.complete {
        print::error("cmcache: some requests did not end within the grace");
    }
    running.end().await;
    Ok(ExitCode::SUCCESS)
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
