//! `muster invite`: a link, printed once.

use clap::Args;
use node::{operator::InviteRequest, say};
use proto::{
    id::{MemberId, RoomId},
    role::{Audience, Role},
    text::{PersonName, Short, Telephone},
};

use super::{Data, Failure};

/// What `muster invite` takes.
#[derive(Debug, Args)]
pub(super) struct InviteArgs {
    #[command(flatten)]
    data: Data,
    /// The room it opens.
    #[arg(long)]
    room: RoomId,
    /// The face it is for: wall, desk, phone or sitrep.
    #[arg(long)]
    face: Audience,
    /// Who it is for; for a wall screen, where it hangs.
    #[arg(long, value_parser = PersonName::parse)]
    name: PersonName,
    /// The roles in the room, such as `lead,named_sw`; none for a wall screen.
    #[arg(long, value_delimiter = ',')]
    roles: Vec<Role>,
    /// The organisation.
    #[arg(long, value_parser = Short::parse)]
    org: Option<Short>,
    /// The job.
    #[arg(long, value_parser = Short::parse)]
    job: Option<Short>,
    /// The mobile telephone.
    #[arg(long, value_parser = Telephone::parse)]
    mobile: Option<Telephone>,
    /// Somebody from outside: the link caps what the roles may do.
    #[arg(long)]
    outside: bool,
    /// The link may be used more than once.
    #[arg(long)]
    many: bool,
    /// Hours for which the link lasts; a day, if nothing is said.
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..=24 * 30))]
    hours: Option<i64>,
    /// The member it is for, when that is one who is in the room already.
    #[arg(long)]
    member: Option<MemberId>,
}

pub(super) async fn run(args: InviteArgs) -> Result<(), Failure> {
    let request = InviteRequest {
        room: args.room,
        face: args.face,
        name: args.name,
        organisation: args.org,
        job: args.job,
        mobile: args.mobile,
        roles: args.roles,
        outside: args.outside,
        many: args.many,
        hours: args.hours,
        member: args.member,
    };
    let made = args.data.node()?.invite(&request).await?;
    say::line(&made.link);
    Ok(())
}
