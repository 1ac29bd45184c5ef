//! Every limit of the protocol, each with its reason.

use std::num::NonZeroUsize;

use crate::id::Time;

/// Commands in one request: a phone empties its queue of a day without signal in a few requests, and one request
/// cannot hold up a room for long.
pub const COMMANDS_MAX: usize = 50;
/// Bytes of a request body with commands: 50 commands with a full log line each.
pub const COMMANDS_BYTES_MAX: usize = 256 * 1024;
/// Bytes of any other request body.
pub const BODY_BYTES_MAX: usize = 16 * 1024;
/// Bytes of one message from a client on the socket: the longest is a `sub` with a cursor.
pub const CLIENT_FRAME_BYTES_MAX: usize = 4 * 1024;
/// Messages a client may send on one socket in a second, on average; a screen sends one pong in five.
pub const CLIENT_FRAMES_PER_S: u32 = 10;
/// Unsent bytes of a slow socket before it is closed; it reconnects with its cursor.
pub const SOCKET_UNSENT_BYTES_MAX: usize = 256 * 1024;
/// Read buffer of a socket in bytes; the library's default of 128 KiB is real memory for each screen.
pub const SOCKET_READ_BYTES: usize = 2 * 1024;
/// Write buffer of a socket in bytes.
pub const SOCKET_WRITE_BYTES: usize = 8 * 1024;
/// Milliseconds a client has from the upgrade to its `hello`.
pub const HELLO_MS: u64 = 10_000;
/// Milliseconds a flush may take before the socket counts as slow.
pub const FLUSH_MS: u64 = 10_000;
/// Milliseconds between two beats.
pub const BEAT_MS: u64 = 5_000;
/// Milliseconds without any frame after which a screen shows "not live".
pub const SILENCE_MS: u64 = 12_000;
/// Milliseconds without a `pong` after which the server drops a socket.
pub const PONG_MS: u64 = 30_000;
/// Bytes read of a request body after an early answer: a proxy has some megabytes in flight, and a larger rest is
/// not awaited.
pub const DISCARD_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Milliseconds for reading that rest.
pub const DISCARD_MS: u64 = 5_000;
/// Milliseconds a request may take.
pub const REQUEST_MS: u64 = 30_000;
/// Milliseconds for which frames are coalesced after an immediate first one in a busy room.
pub const COALESCE_MS: u64 = 15;
/// Milliseconds between two polls of the heads of all open rooms, where other nodes write them too: the longest
/// delay after a lost final notification.
pub const LOOK_MS: u64 = 1_000;
/// The same while the bus is unhealthy.
pub const LOOK_UNWELL_MS: u64 = 200;
/// Attempts to decide a batch that loses to other nodes, before its sender is answered `retry`: of three nodes
/// that write without a pause, one batch in a few hundred loses so often.
pub const TRIES_MAX: u32 = 16;
/// Maximum jitter in milliseconds before the second such attempt; it more than doubles before each later one.
pub const TRY_JITTER_MS: u64 = 4;
/// Maximum pause in milliseconds before any such attempt: a commit takes a few, and a longer wait loses again.
pub const TRY_PAUSE_MS_MAX: u64 = 16;
/// Frames buffered for each audience of a room; older cursors are answered from the touched rows.
pub const RING_FRAMES_MAX: usize = 1024;
/// Bytes buffered for each audience of a room.
pub const RING_BYTES_MAX: usize = 1024 * 1024;
/// Bytes written to a socket in one step before other sockets get a turn.
pub const STEP_BYTES_MAX: usize = 64 * 1024;
/// Requests queued for one room; one more is answered `retry`.
pub const MAILBOX_MAX: usize = 256;
/// Commands decided into one batch.
pub const BATCH_COMMANDS_MAX: usize = 512;
/// Milliseconds after which a command refused by a full queue is sent again.
pub const RETRY_MS: u64 = 500;
/// Log rows on a screen; older ones over HTTP.
pub const LOG_ROWS: usize = 50;
/// People on one register: the longest list imported, of a home care provider of a whole county.
pub const PEOPLE_MAX: usize = 5_000;
/// People with references of three characters: half of all such references. Longer references start with the
/// others.
pub const SHORT_REFERENCES_MAX: usize = 1_764;
/// Members of one room.
pub const MEMBERS_MAX: usize = 1_000;
/// Homes in one room.
pub const HOMES_MAX: usize = 2_000;
/// Sites in one room.
pub const SITES_MAX: usize = 50;
/// Deadlines set at once.
pub const DEADLINES_MAX: usize = 20;
/// People waiting at the door at once: the lead reads every name before admitting anybody.
pub const ASKERS_MAX: usize = 64;
/// Hours until a door code expires (SECURITY, Getting in).
pub const DOOR_HOURS: i64 = 12;
/// Default days until a duty manager's link expires: two rotas.
pub const DUTY_DAYS: i64 = 90;
/// Hours until a cover has to be renewed (R43).
pub const COVER_HOURS: i64 = 12;
/// Milliseconds until a call for help counts as unanswered (PROCEDURE 4.1.7).
pub const HELP_MS: i64 = 60_000;
/// Packs of one room: enough to print the largest register twice.
pub const PACKS_MAX: usize = 10_000;
/// Protections of one person's destination at once.
pub const PROTECTIONS_MAX: usize = 20;
/// Roles of one member.
pub const ROLES_MAX: usize = 16;
/// People in one command: a pass for one reason, the exceptions of a claim.
pub const NAMED_MAX: usize = 50;
/// The earliest time that a room accepts, the beginning of 1900: nobody who is moved was at work before it, and
/// every program can show it.
pub const TIME_MIN: Time = Time(-2_208_988_800_000);
/// The latest, the end of 2199: no plan of a room reaches so far.
pub const TIME_MAX: Time = Time(7_258_118_399_999);
/// Milliseconds a client's clock may run ahead before its time counts as "in the future".
pub const FUTURE_MS: i64 = 60_000;
/// Milliseconds between event and receipt after which a late entry requires a reason.
pub const LATE_MS: i64 = 5 * 60_000;
/// Bytes of an imported file: a list of 5,000 people with a few pictures of the home in it.
pub const IMPORT_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Bytes of the choices sent with an imported file: one for each of its rows.
pub const IMPORT_CHOICES_BYTES_MAX: usize = 1024 * 1024;
/// Non-blank rows of an imported file.
pub const IMPORT_ROWS_MAX: usize = 5_000;
/// Rows of a sheet down to the last non-blank one; anything further down is a stray cell.
pub const IMPORT_SHEET_ROWS_MAX: usize = 20_000;
/// Columns of an imported file.
pub const IMPORT_COLUMNS_MAX: usize = 100;
/// Non-blank cells of a sheet: as many as its rows and columns.
pub const IMPORT_CELLS_MAX: usize = IMPORT_ROWS_MAX * IMPORT_COLUMNS_MAX;
/// Merged cells of a sheet; a list has a title and a few headings.
pub const IMPORT_MERGES_MAX: usize = 10_000;
/// Characters of one imported cell: no spreadsheet holds more. Each field has its own limit; an excess is
/// reported.
pub const IMPORT_CELL_CHARS_MAX: usize = 32_767;
/// Entries of a zipped spreadsheet: each sheet and picture is one.
pub const IMPORT_ENTRIES_MAX: usize = 1_000;
/// Unpacked bytes of one entry.
pub const IMPORT_ENTRY_BYTES_MAX: u64 = 48 * 1024 * 1024;
/// Unpacked bytes of all entries: what two concurrent imports may take of a small machine.
pub const IMPORT_UNZIPPED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Compression ratio of an entry of more than a megabyte: repetitive cells reach fifty, a zip bomb a thousand.
pub const IMPORT_RATIO_MAX: u64 = 200;
/// Nesting depth of a spreadsheet's XML; programs write about twenty levels.
pub const IMPORT_XML_DEPTH_MAX: usize = 64;
/// Bytes of uploaded files that a node holds at once: two of the regulator's largest, or eleven of the longest
/// lists. The next upload waits before its body is read, where it takes no memory here.
pub const FILES_BYTES_MAX: usize = 2 * DIRECTORY_BYTES_MAX;
/// Imports parsed at once by a node; others wait their turn.
pub const IMPORTS_AT_ONCE_MAX: usize = 2;
/// Milliseconds for parsing a file; the largest takes a few seconds.
pub const IMPORT_READ_MS: u64 = 20_000;
/// Default days until an invite expires.
pub const INVITE_DAYS: i64 = 1;
/// Default hours until a login expires after its last use.
pub const LOGIN_HOURS: i64 = 24;
/// Milliseconds between two checks of the logins of open sockets: a login revoked elsewhere, without a
/// notification to this node, ends here within a minute (F8).
pub const LOGINS_LOOK_MS: u64 = 30_000;
/// Milliseconds for which a login that was looked up, or had a socket, is trusted while the login store is
/// unreachable: as long as a revoked one may survive a lost notification (F8).
pub const LOGINS_BELIEVED_MS: u64 = 60_000;
/// Logins cached for that; more than a node has sockets for.
pub const LOGINS_REMEMBERED_MAX: usize = 20_000;
/// Milliseconds until the next check after a failed one.
pub const LOGINS_AGAIN_MS: u64 = 2_000;
/// Milliseconds between two checks of presence, and so between two updates to desks.
pub const PRESENCE_MS: u64 = 1_000;
/// Milliseconds after which nodes repeat their presence to each other without a change.
pub const PRESENCE_AGAIN_MS: u64 = 5_000;
/// Milliseconds until presence expires after the last sign of life (I-34): three beats.
pub const PRESENCE_TTL_MS: u64 = 15_000;
/// Entries in one room's presence: each of the room's members with two faces.
pub const PRESENT_MAX: usize = 2 * MEMBERS_MAX;
/// People whose panel is open on the screens of one member.
pub const LOOKING_MAX: usize = 8;
/// Invite attempts from one address in a minute.
pub const REDEEM_PER_MINUTE: u32 = 20;
/// Wrong door codes in an hour, on all nodes and from all networks together. A code is one of 28^8; with ten doors
/// open, guessing at this rate for a day finds one with a chance of one in a million (F7).
pub const DOOR_GUESSES_PER_HOUR: u32 = 1_500;
/// Commands from one login in a second, on average; a phone emptying its queue sends two requests.
pub const REQUESTS_PER_S: u32 = 30;
/// Rows of an export written at once: some 100 KiB, after which other requests get a turn.
pub const EXPORT_PAGE_ROWS: usize = 500;
/// Concurrent exports of a node: each holds one room in memory until its file is written.
pub const EXPORTS_AT_ONCE: usize = 2;
/// Bytes of a line of an exported log: the largest entry that one command can make, as an escaped string, four
/// times over.
pub const EXPORT_LINE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Milliseconds in which a stopping node exits, whatever its clients do: containers are killed after ten seconds.
pub const STOP_MS: u64 = 9_000;
/// Milliseconds for connections to end once a node stops: a commit takes a few, a slow line seconds.
pub const DRAIN_MS: u64 = 5_000;
/// Milliseconds after which a socket that is busy writing is notified that its node stops.
pub const LAST_WORDS_MS: u64 = 1_000;
/// Screens of a stopping node that reconnect to the others per second. Each may need a snapshot; less than half of
/// what one node was measured to take.
pub const COME_BACK_PER_S: u32 = 1_000;
/// Bytes per second that a node sends to returning screens, in snapshots and missed rows: half of what a gigabit
/// line takes, so that live screens are not delayed.
pub const CATCH_UP_BYTES_PER_S: NonZeroUsize = NonZeroUsize::new(64 * 1024 * 1024).unwrap();
/// Milliseconds that a screen waits for its turn before it is told to retry: less than its silence limit.
pub const CATCH_UP_WAIT_MS: u64 = 5_000;
/// Bytes of a file for the directory of homes: the regulator's largest is about 25 MB.
pub const DIRECTORY_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Unpacked bytes of such a file: the regulator's largest sheet is a few hundred MB of XML, which is streamed and
/// never held.
pub const DIRECTORY_UNPACKED_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Files within such a file; a spreadsheet has a few dozen.
pub const DIRECTORY_ENTRIES_MAX: usize = 1_000;
/// Rows of such a file: the latest ratings have a line for each question about each location.
pub const DIRECTORY_ROWS_MAX: u32 = 1_000_000;
/// Columns of such a file: the care directory with filters has about 122, followed by blank ones.
pub const DIRECTORY_COLUMNS_MAX: usize = 500;
/// Bytes parsed of one cell of such a file; a longer text is a note, and notes are not stored.
pub const DIRECTORY_CELL_BYTES_MAX: usize = 4_000;
/// Locations in the directory: England has about 57,000 registered locations of every kind.
pub const DIRECTORY_PLACES_MAX: usize = 100_000;
/// Rows of a vacancy list: more homes than any council deals with.
pub const VACANCY_ROWS_MAX: u32 = 5_000;
/// Homes on one page of a search.
pub const HOMES_PAGE: usize = 25;
/// Years after which a rating is shown as old.
pub const RATING_OLD_YEARS: i16 = 3;
/// Words of a search that are used.
pub const SEARCH_WORDS_MAX: usize = 10;
/// Bytes of records per page when copying one store to another: memory holds only a few pages.
pub const WHOLE_PAGE_BYTES: usize = 1024 * 1024;
/// Bytes of one record in a backup: the largest stored document is a compressed file of the regulator's.
pub const WHOLE_RECORD_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Bytes of one line of a backup: a document is written as two hex digits a byte.
pub const BACKUP_LINE_BYTES_MAX: usize = 2 * WHOLE_RECORD_BYTES_MAX + 64 * 1024;
/// Legs of traced commands queued to become spans; one more is dropped. A room under full write load makes so many
/// in half a second.
pub const TRACE_LEGS_MAX: usize = 16 * 1024;
/// Deliveries of traced entries that are tracked until they end: those of ten seconds at a hundred changes a
/// second, to four audiences.
pub const TRACE_DELIVERIES_MAX: usize = 4 * 1024;
/// Spans sent to a collector in one request: some 200 KiB, where collectors take 4 MiB.
pub const TRACE_SPANS_MAX: usize = 512;
/// Such requests queued for a slow collector; later ones are dropped.
pub const TRACE_BATCHES_MAX: usize = 16;
/// Milliseconds between two checks for ended deliveries, and so the longest time between two sends.
pub const TRACE_LOOK_MS: u64 = 250;
/// Milliseconds after the last socket took an entry when its delivery counts as complete.
pub const TRACE_QUIET_MS: u64 = 1_000;
/// Milliseconds after which a delivery counts as complete even with sockets outstanding: a flush may take no
/// longer.
pub const TRACE_DELIVERY_MS: u64 = FLUSH_MS;
/// Timeout of one request to a collector in milliseconds.
pub const TRACE_SEND_MS: u64 = 5_000;
/// Timeout for the last ones when a node stops: the same as for closing the journal.
pub const TRACE_END_MS: u64 = 2_000;
/// Lines queued for a node's log output, some one MiB; one more is dropped. A busy node writes so many in minutes,
/// and one at the most verbose level in a second.
pub const LOG_LINES_MAX: usize = 4 * 1024;
/// Milliseconds to write them when a node has stopped: with [`STOP_MS`] less than the ten seconds after which a
/// container is killed.
pub const LOG_END_MS: u64 = 900;
