//! `muster invite`: makes an invite link and prints it once.

use clap::Args;
use node::{operator::InviteRequest, say};
use proto::{
    id::{MemberId, RoomId},
    role::{Audience, Role},
    text::{PersonName, Short, Telephone},
};

use super::{Data, Failure};

/// Arguments of `muster invite`.
#[derive(Debug, Args)]
pub(super) struct InviteArgs {
    #[command(flatten)]
    data: Data,
    /// The room that the link opens.
    #[arg(long)]
    room: RoomId,
    /// The screen that the link opens: wall, desk, phone or sitrep.
    #[arg(long)]
    face: Audience,
    /// The name of the member; for a wall screen, its location.
    #[arg(long, value_parser = PersonName::parse)]
    name: PersonName,
    /// Roles in the room, such as `lead,named_sw`; none for a wall screen.
    #[arg(long, value_delimiter = ',')]
    roles: Vec<Role>,
    /// Their organisation.
    #[arg(long, value_parser = Short::parse)]
    org: Option<Short>,
    /// Their job title.
    #[arg(long, value_parser = Short::parse)]
    job: Option<Short>,
    /// Their mobile number.
    #[arg(long, value_parser = Telephone::parse)]
    mobile: Option<Telephone>,
    /// The member is from outside the council: the link limits what the roles can do.
    #[arg(long)]
    outside: bool,
    /// The link can be used more than once.
    #[arg(long)]
    many: bool,
    /// Hours until the link expires; 24 by default.
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..=24 * 30))]
    hours: Option<i64>,
    /// The id of an existing member to make the link for.
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
