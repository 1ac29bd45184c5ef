//! `muster duty`: makes and revokes links with which duty managers open rooms at any hour.

use clap::{Args, Subcommand};
use node::{
    operator::{DutyEnd, DutyRequest},
    say,
};
use proto::text::{PersonName, Short, Telephone};

use super::{Data, Failure};

/// Arguments of `muster duty`.
#[derive(Debug, Args)]
pub(super) struct DutyArgs {
    #[command(flatten)]
    data: Data,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a link for a duty manager. It is printed once and can open rooms until it expires.
    Add {
        /// Who it is for.
        #[arg(long, value_parser = PersonName::parse)]
        name: PersonName,
        /// Their organisation.
        #[arg(long, value_parser = Short::parse)]
        org: Option<Short>,
        /// Their mobile number.
        #[arg(long, value_parser = Telephone::parse)]
        mobile: Option<Telephone>,
        /// Days until the link expires; 90 by default.
        #[arg(long, value_parser = clap::value_parser!(i64).range(1..=90))]
        days: Option<i64>,
    },
    /// Revoke a link.
    End {
        /// The link as it was printed.
        link: String,
    },
}

pub(super) async fn run(args: DutyArgs) -> Result<(), Failure> {
    let node = args.data.node()?;
    match args.what {
        What::Add { name, org, mobile, days } => {
            let made = node.duty(&DutyRequest { name, organisation: org, mobile, days }).await?;
            say::line(&made.link);
        }
        What::End { link } => {
            if !node.end_duty(&DutyEnd { link }).await? {
                return Err(Failure::Words(
                    "no valid link for opening rooms matches this one".to_owned(),
                ));
            }
            say::line("The link is revoked.");
        }
    }
    Ok(())
}
