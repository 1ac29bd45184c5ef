//! `muster duty`: links by which duty managers open rooms at any hour.

use clap::{Args, Subcommand};
use node::{
    operator::{DutyEnd, DutyRequest},
    say,
};
use proto::text::{PersonName, Short, Telephone};

use super::{Data, Failure};

/// What `muster duty` takes.
#[derive(Debug, Args)]
pub(super) struct DutyArgs {
    #[command(flatten)]
    data: Data,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a link for a duty manager; it is printed once, and opens rooms until it ends.
    Add {
        /// Who it is for.
        #[arg(long, value_parser = PersonName::parse)]
        name: PersonName,
        /// The organisation.
        #[arg(long, value_parser = Short::parse)]
        org: Option<Short>,
        /// The mobile telephone.
        #[arg(long, value_parser = Telephone::parse)]
        mobile: Option<Telephone>,
        /// Days for which it lasts; ninety, if nothing is said.
        #[arg(long, value_parser = clap::value_parser!(i64).range(1..=90))]
        days: Option<i64>,
    },
    /// End a link for good.
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
                return Err(Failure::Words("no such link opens rooms here".to_owned()));
            }
            say::line("The link opens no more rooms.");
        }
    }
    Ok(())
}
