//! Every limit of the language, each with its reason.

use std::num::NonZeroUsize;

use crate::id::Time;

/// Commands in one request: a phone's queue after a day without signal goes in a few requests, and one
/// request cannot hold a room for long.
pub const COMMANDS_MAX: usize = 50;
/// Bytes of a request body with commands: 50 commands with a full log line each.
pub const COMMANDS_BYTES_MAX: usize = 256 * 1024;
/// Bytes of any other request body.
pub const BODY_BYTES_MAX: usize = 16 * 1024;
/// Bytes of one message from a client on the socket: the longest is a `sub` with a cursor.
pub const CLIENT_FRAME_BYTES_MAX: usize = 4 * 1024;
/// Messages a client may send on one socket in a second, on average; a screen sends one pong in five.
pub const CLIENT_FRAMES_PER_S: u32 = 10;
/// Bytes a slow socket may keep unsent before it is closed; it comes back with its cursor.
pub const SOCKET_UNSENT_BYTES_MAX: usize = 256 * 1024;
/// Bytes read from a socket at once; the library's default of 128 KiB is real memory for each screen.
pub const SOCKET_READ_BYTES: usize = 2 * 1024;
/// Bytes written to a socket at once.
pub const SOCKET_WRITE_BYTES: usize = 8 * 1024;
/// Milliseconds a client has from the upgrade to its `hello`.
pub const HELLO_MS: u64 = 10_000;
/// Milliseconds a flush may take before the socket counts as slow.
pub const FLUSH_MS: u64 = 10_000;
/// Milliseconds between two beats.
pub const BEAT_MS: u64 = 5_000;
/// Milliseconds without any frame after which a screen says "not live".
pub const SILENCE_MS: u64 = 12_000;
/// Milliseconds without a `pong` after which the server gives a socket up.
pub const PONG_MS: u64 = 30_000;
/// Bytes of a request that are read although it was answered before: a proxy has some megabytes under way, and
/// whoever sends more is not waited for.
pub const DISCARD_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Milliseconds in which they must come.
pub const DISCARD_MS: u64 = 5_000;
/// Milliseconds a request may take.
pub const REQUEST_MS: u64 = 30_000;
/// Milliseconds in which frames gather after an immediate first one in a busy room.
pub const COALESCE_MS: u64 = 15;
/// Milliseconds between two looks at the heads of all open rooms, where other nodes write them too: a lost
/// last ring is made good within that time.
pub const LOOK_MS: u64 = 1_000;
/// The same while rings may not be heard.
pub const LOOK_UNWELL_MS: u64 = 200;
/// How often a batch is decided anew when other nodes were faster, before its sender is asked to come again: of
/// three nodes that write without a pause, one batch in a few hundred loses so often.
pub const TRIES_MAX: u32 = 16;
/// Milliseconds at most before the second such try; more than twice as many before each later one.
pub const TRY_JITTER_MS: u64 = 4;
/// Milliseconds at most before any such try: a commit takes a few, and whoever waits longer than the others is late
/// again.
pub const TRY_PAUSE_MS_MAX: u64 = 16;
/// Frames kept for each audience of a room; older cursors are answered from the touched rows.
pub const RING_FRAMES_MAX: usize = 1024;
/// Bytes kept for each audience of a room.
pub const RING_BYTES_MAX: usize = 1024 * 1024;
/// Bytes written to a socket in one step before other sockets have their turn.
pub const STEP_BYTES_MAX: usize = 64 * 1024;
/// Requests waiting for one room; one more is answered `retry`.
pub const MAILBOX_MAX: usize = 256;
/// Commands decided into one batch.
pub const BATCH_COMMANDS_MAX: usize = 512;
/// Milliseconds after which a command that met a full room is sent again.
pub const RETRY_MS: u64 = 500;
/// Log rows on a screen; older ones by HTTP.
pub const LOG_ROWS: usize = 50;
/// People on one register: the longest list that is read, of a home care provider of a whole county.
pub const PEOPLE_MAX: usize = 5_000;
/// People named by references of three signs: half of those there are. Longer ones begin with the others.
pub const SHORT_REFERENCES_MAX: usize = 1_764;
/// Members of one room.
pub const MEMBERS_MAX: usize = 1_000;
/// Homes in one room.
pub const HOMES_MAX: usize = 2_000;
/// Sites in one room.
pub const SITES_MAX: usize = 50;
/// Deadlines that stand at once.
pub const DEADLINES_MAX: usize = 20;
/// People waiting at the door at once: the lead reads every name before letting anybody in.
pub const ASKERS_MAX: usize = 64;
/// Hours a door code opens the door (SECURITY, Getting in).
pub const DOOR_HOURS: i64 = 12;
/// Days a duty manager's link opens rooms when nobody says otherwise: two rotas.
pub const DUTY_DAYS: i64 = 90;
/// Hours a cover lasts before it is asked again (R43).
pub const COVER_HOURS: i64 = 12;
/// Milliseconds a call for help may wait before it counts as unanswered (PROCEDURE 4.1.7).
pub const HELP_MS: i64 = 60_000;
/// Packs of one room: those of the largest register printed twice over.
pub const PACKS_MAX: usize = 10_000;
/// Protections of one person's destination that stand at once.
pub const PROTECTIONS_MAX: usize = 20;
/// Roles of one member.
pub const ROLES_MAX: usize = 16;
/// People named in one command: a pass for one reason, the exceptions of a claim.
pub const NAMED_MAX: usize = 50;
/// The earliest moment that a room takes, the beginning of 1900: nobody who is moved was at work before it, and every
/// program that shows a time can show this one.
pub const TIME_MIN: Time = Time(-2_208_988_800_000);
/// The latest, the end of 2199: no plan of a room reaches so far.
pub const TIME_MAX: Time = Time(7_258_118_399_999);
/// Milliseconds a client's clock may run ahead before its time counts as "in the future".
pub const FUTURE_MS: i64 = 60_000;
/// Milliseconds between event and receipt after which a late entry asks a reason.
pub const LATE_MS: i64 = 5 * 60_000;
/// Bytes of an imported file: a list of 5,000 people with a few pictures of the home in it.
pub const IMPORT_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Bytes of the choices that go with an imported file: one for each of its rows.
pub const IMPORT_CHOICES_BYTES_MAX: usize = 1024 * 1024;
/// Rows of an imported file that hold something.
pub const IMPORT_ROWS_MAX: usize = 5_000;
/// Rows of a sheet down to the last that holds something; further down it is a stray cell.
pub const IMPORT_SHEET_ROWS_MAX: usize = 20_000;
/// Columns of an imported file.
pub const IMPORT_COLUMNS_MAX: usize = 100;
/// Cells of a sheet that hold something: as many as its rows and columns.
pub const IMPORT_CELLS_MAX: usize = IMPORT_ROWS_MAX * IMPORT_COLUMNS_MAX;
/// Merged cells of a sheet; a list has a title and a few headings.
pub const IMPORT_MERGES_MAX: usize = 10_000;
/// Characters of one imported cell: no spreadsheet holds more. What fits a field is the field's own limit;
/// the rest is told.
pub const IMPORT_CELL_CHARS_MAX: usize = 32_767;
/// Entries of a zipped spreadsheet: each sheet and picture is one.
pub const IMPORT_ENTRIES_MAX: usize = 1_000;
/// Bytes of one entry when it is unpacked.
pub const IMPORT_ENTRY_BYTES_MAX: u64 = 48 * 1024 * 1024;
/// Bytes of all entries when they are unpacked: what two imports at once may take of a small machine.
pub const IMPORT_UNZIPPED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// How many times larger an entry of more than a megabyte may become: cells that repeat pack to a
/// fiftieth, a bomb to a thousandth.
pub const IMPORT_RATIO_MAX: u64 = 200;
/// Elements within each other in a spreadsheet's XML; programs write about twenty.
pub const IMPORT_XML_DEPTH_MAX: usize = 64;
/// Bytes of files that people send which a node holds at once: two of the regulator's largest, or eleven of the longest
/// lists. Whoever sends one more waits before it is read, where it takes no memory here.
pub const FILES_BYTES_MAX: usize = 2 * DIRECTORY_BYTES_MAX;
/// Imports read at once by a node; others wait their turn.
pub const IMPORTS_AT_ONCE_MAX: usize = 2;
/// Milliseconds for which a file may be read; the largest takes a few seconds.
pub const IMPORT_READ_MS: u64 = 20_000;
/// Days an invite lasts when nobody says otherwise.
pub const INVITE_DAYS: i64 = 1;
/// Hours a login lasts after its last use when nobody says otherwise.
pub const LOGIN_HOURS: i64 = 24;
/// Milliseconds between two looks at whether the logins of open sockets still stand: a login that was ended
/// where this node could not hear of it is over within a minute (F8).
pub const LOGINS_LOOK_MS: u64 = 30_000;
/// Milliseconds that a login is believed which was looked up, or had a socket, when the registry can be asked nothing:
/// as long as one that was ended may live on where nobody heard of its end (F8).
pub const LOGINS_BELIEVED_MS: u64 = 60_000;
/// Logins that a node remembers for that; more than it has sockets for.
pub const LOGINS_REMEMBERED_MAX: usize = 20_000;
/// Milliseconds until they are looked at again when nothing answered.
pub const LOGINS_AGAIN_MS: u64 = 2_000;
/// Milliseconds between two looks at who is connected: desks are told at most so often.
pub const PRESENCE_MS: u64 = 1_000;
/// Milliseconds after which nodes tell each other again who is connected although nothing changed.
pub const PRESENCE_AGAIN_MS: u64 = 5_000;
/// Milliseconds after their last sign of life for which somebody counts as connected (I-34): three beats.
pub const PRESENCE_TTL_MS: u64 = 15_000;
/// Members told as connected to one room: each of the room's members with two faces.
pub const PRESENT_MAX: usize = 2 * MEMBERS_MAX;
/// People whose panel is open on the screens of one member.
pub const LOOKING_MAX: usize = 8;
/// Invite attempts from one address in a minute.
pub const REDEEM_PER_MINUTE: u32 = 20;
/// Wrong door codes in an hour, on all nodes and from all networks together. A code is one of 28^8; with ten doors
/// open, whoever guesses at this rate for a day is let ask with a chance of one in a million (F7).
pub const DOOR_GUESSES_PER_HOUR: u32 = 1_500;
/// Commands from one login in a second, on average; a phone emptying its queue sends two requests.
pub const REQUESTS_PER_S: u32 = 30;
/// Rows of an export written in one piece: a piece is some 100 KiB, and other requests have their turn
/// between two of them.
pub const EXPORT_PAGE_ROWS: usize = 500;
/// Exports that a node makes at once: each holds one room in memory until its file is written.
pub const EXPORTS_AT_ONCE: usize = 2;
/// Bytes of a line of an exported log: the largest entry that one command can make, written as a text
/// within a text, four times over.
pub const EXPORT_LINE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Milliseconds in which a node that is asked to stop has ended, whatever its clients do: those who run it
/// in a container kill it after ten seconds.
pub const STOP_MS: u64 = 9_000;
/// Milliseconds that connections have to end once a node stops: a commit takes a few, a slow line seconds.
pub const DRAIN_MS: u64 = 5_000;
/// Milliseconds after which a socket that is busy writing hears that its node stops.
pub const LAST_WORDS_MS: u64 = 1_000;
/// Screens of a stopping node that come back to the others in a second. Each may need a snapshot; less than half of
/// what one node was measured to take.
pub const COME_BACK_PER_S: u32 = 1_000;
/// Bytes in a second that a node sends to screens that come back, in snapshots and in what they missed: half of what a
/// line of a gigabit takes, so that whoever is live is told all the same.
pub const CATCH_UP_BYTES_PER_S: NonZeroUsize = NonZeroUsize::new(64 * 1024 * 1024).unwrap();
/// Milliseconds that a screen waits for its turn of them before it is told to come again: less than its silence.
pub const CATCH_UP_WAIT_MS: u64 = 5_000;
/// Bytes of a file for the directory of homes: the regulator's largest is about 25 MB.
pub const DIRECTORY_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of such a file once it is unpacked: the regulator's largest sheet is a few hundred MB of XML,
/// read as it streams by and never held.
pub const DIRECTORY_UNPACKED_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Files within such a file; a spreadsheet has a few dozen.
pub const DIRECTORY_ENTRIES_MAX: usize = 1_000;
/// Rows of such a file: the latest ratings have a line for each question about each place.
pub const DIRECTORY_ROWS_MAX: u32 = 1_000_000;
/// Columns of such a file: the care directory with filters has about 122, and blank ones behind them.
pub const DIRECTORY_COLUMNS_MAX: usize = 500;
/// Bytes of one cell of such a file that are read; what is longer is a note, and notes are not kept.
pub const DIRECTORY_CELL_BYTES_MAX: usize = 4_000;
/// Places in the directory: England has about 57,000 registered places of every kind.
pub const DIRECTORY_PLACES_MAX: usize = 100_000;
/// Rows of a vacancy list: more homes than any council deals with.
pub const VACANCY_ROWS_MAX: u32 = 5_000;
/// Homes on one page of a search.
pub const HOMES_PAGE: usize = 25;
/// Years after which a rating is shown as old.
pub const RATING_OLD_YEARS: i16 = 3;
/// Words of a search that are looked at.
pub const SEARCH_WORDS_MAX: usize = 10;
/// Bytes of the records that go from one store to another at once: a few such pages are all that is in memory.
pub const WHOLE_PAGE_BYTES: usize = 1024 * 1024;
/// Bytes of one record in a backup: the largest document on the shelf is a packed file of the regulator's.
pub const WHOLE_RECORD_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Bytes of one line of a backup: a document is written in two digits a byte.
pub const BACKUP_LINE_BYTES_MAX: usize = 2 * WHOLE_RECORD_BYTES_MAX + 64 * 1024;
/// Legs of traced commands that wait to become spans; one more is lost. A room that is written as fast as it can be
/// makes so many in half a second.
pub const TRACE_LEGS_MAX: usize = 16 * 1024;
/// Deliveries of traced entries that are looked at until they are over: those of ten seconds at a hundred changes
/// a second, to four audiences.
pub const TRACE_DELIVERIES_MAX: usize = 4 * 1024;
/// Spans sent to a collector in one request: some 200 KiB, where collectors take 4 MiB.
pub const TRACE_SPANS_MAX: usize = 512;
/// Such requests that wait for a collector that is slow; what comes after them is lost.
pub const TRACE_BATCHES_MAX: usize = 16;
/// Milliseconds between two looks at which deliveries are over; spans are sent at least so often.
pub const TRACE_LOOK_MS: u64 = 250;
/// Milliseconds after the last socket took an entry when its delivery counts as over.
pub const TRACE_QUIET_MS: u64 = 1_000;
/// Milliseconds after which a delivery counts as over whoever has not taken it: a flush may take no longer.
pub const TRACE_DELIVERY_MS: u64 = FLUSH_MS;
/// Milliseconds that a collector has to take one request.
pub const TRACE_SEND_MS: u64 = 5_000;
/// Milliseconds that it has for the last ones when a node stops: the same as the journal has to be let go of.
pub const TRACE_END_MS: u64 = 2_000;
/// Lines of a node's log that wait for whoever reads it, some one MiB; one more is lost. A busy node writes so many in
/// minutes, and one that is asked to tell everything in a second.
pub const LOG_LINES_MAX: usize = 4 * 1024;
/// Milliseconds that they have when a node has stopped: with [`STOP_MS`] less than the ten seconds after which it is
/// killed in a container.
pub const LOG_END_MS: u64 = 900;
