//! `muster verify`: the whole journal, read beside a running node or without one.

use clap::Args;

use super::{Data, Failure};
use crate::{operator, say};

/// What `muster verify` takes.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let words = operator::verify(&args.data.folder).map_err(Failure::Words)?;
    say::line(&words);
    Ok(())
}
