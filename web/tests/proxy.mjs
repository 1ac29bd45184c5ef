// A node behind a proxy, over TLS: the real nginx and Caddy from Debian with the files of deploy/, in which
// only ports and paths are changed.
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { chromium } from 'playwright-core';
import { CHROMIUM, SERVER, until, WAIT_MS } from './stage.mjs';

const DEPLOY = join(import.meta.dirname, '..', '..', 'deploy');
/** Debian installs servers outside most users' PATH. */
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/** A filter as nginx configuration: it blocks sockets, and refuses more requests while a file exists. */
const FILTER = [
  ['proxy_set_header Upgrade         $http_upgrade;', 'proxy_set_header Upgrade "";'],
  ['proxy_set_header Connection      $muster_connection;', 'proxy_set_header Connection "";'],
  [
    'server_tokens off;',
    `server_tokens off; default_type text/html;
     if (-f FOLDER/closed) { return 403; }
     set $portal "";
     if (-f FOLDER/portal) { set $portal yes; }
     if ($uri ~ [.](png|svg|woff2)$) { set $portal "\${portal}_file"; }
     if ($portal = yes_file) { return 200 "<html><h1>Welcome to our wireless</h1></html>"; }`,
  ],
];

/** How each proxy is configured and started. */
const PROXIES = {
  nginx: {
    file: 'nginx.conf',
    configure(text, { folder, ports }) {
      const site = replaced(text, [
        ['listen 80;', `listen 127.0.0.1:${ports.http};`],
        ['listen 443 ssl http2;', `listen 127.0.0.1:${ports.https} ssl http2;`],
        ['muster.example', 'localhost'],
        ['/etc/muster/tls/', `${folder}/`],
        ['127.0.0.1:8080', `127.0.0.1:${ports.node}`],
      ]);
      const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (kind) => `  ${kind}_temp_path ${folder}/${kind};`,
      );
      const user = process.getuid() === 0 ? 'user root;' : '';
      const main = [
        user,
        `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/proxy.log warn;`,
        'events { worker_connections 512; }',
        `http {\n  access_log ${folder}/access.log;`,
        ...temp,
        `  include ${folder}/site.conf;\n}`,
      ];
      writeFileSync(join(folder, 'site.conf'), site);
      writeFileSync(join(folder, 'main.conf'), main.join('\n'));
      return ['nginx', ['-p', folder, '-c', join(folder, 'main.conf')]];
    },
    reload: ({ folder }) => [
      'nginx',
      ['-p', folder, '-c', join(folder, 'main.conf'), '-s', 'reload'],
    ],
  },
  filter: {
    file: 'nginx.conf',
    configure(text, world) {
      const filtered = replaced(text, FILTER).replaceAll('FOLDER', world.folder);
      return PROXIES.nginx.configure(filtered, world);
    },
  },
  caddy: {
    file: 'Caddyfile',
    configure(text, { folder, ports }) {
      const site = replaced(text, [
        [
          '\n{\n',
          `\n{\n\tadmin 127.0.0.1:${ports.admin}\n\tdefault_bind 127.0.0.1\n\thttp_port ${ports.http}\n`,
        ],
        [
          '# tls /etc/muster/tls/fullchain.pem /etc/muster/tls/privkey.pem',
          `tls ${folder}/fullchain.pem ${folder}/privkey.pem`,
        ],
      ]);
      writeFileSync(join(folder, 'Caddyfile'), site);
      return ['caddy', ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile']];
    },
    // The file has not changed; the certificate that it names has.
    reload: ({ folder, ports }) => [
      'caddy',
      [
        ...['reload', '--force', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'],
        ...['--address', `127.0.0.1:${ports.admin}`],
      ],
    ],
  },
};

/** Replaces each of these everywhere; fails if one is missing, because then the shipped file has changed. */
function replaced(text, pairs) {
  return pairs.reduce((left, [from, to]) => {
    if (!left.includes(from)) throw new Error(`the file of deploy/ does not say ${from}`);
    return left.replaceAll(from, to);
  }, text);
}

/** Issues a certificate for this machine from the test's own authority. */
function certificate(folder) {
  const config = [
    '[req]\nprompt = no\ndistinguished_name = name\nx509_extensions = v3',
    '[name]\nCN = localhost',
    '[v3]\nsubjectAltName = DNS:localhost,IP:127.0.0.1\nextendedKeyUsage = serverAuth',
  ];
  writeFileSync(join(folder, 'req.conf'), config.join('\n'));
  const words =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -config req.conf';
  const files = ['-keyout', 'privkey.pem', '-out', 'fullchain.pem'];
  execFileSync('openssl', [...words.split(' '), ...files], { cwd: folder, stdio: 'ignore' });
}

/** Replaces a proxy's certificate while it runs, as its administrator would. */
export function renew(world) {
  certificate(world.folder);
  const [program, words] = PROXIES[world.proxy].reload(world);
  const env = { ...process.env, PATH, ...world.env };
  execFileSync(program, words, { env, stdio: 'pipe' });
}

/** Returns the fingerprint of the certificate that a proxy presents. */
export function shown({ ports }) {
  return new Promise((resolve, reject) => {
    const to = { host: '127.0.0.1', port: ports.https, servername: 'localhost' };
    const line = connect({ ...to, rejectUnauthorized: false }, () => {
      resolve(line.getPeerCertificate().fingerprint256);
      line.destroy();
    });
    line.on('error', reject);
  });
}

/** Returns unused ports. */
async function freePorts(names) {
  const servers = names.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((done) => server.once('listening', done))));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return Object.fromEntries(names.map((name, at) => [name, ports[at]]));
}

/** Starts a program whose output goes to a file; reports if it exits by itself. */
function start(world, program, words, env = {}) {
  const log = openSync(join(world.folder, `${program.split('/').at(-1)}.out`), 'a');
  const child = spawn(program, words, {
    stdio: ['ignore', log, log],
    env: { ...process.env, PATH, ...env },
  });
  closeSync(log);
  child.on('error', (error) => (world.broken = `${program}: ${error.message}`));
  child.on('exit', (code) => (world.broken ??= `${program} ended with ${code}: ${said(world)}`));
  world.children.push(child);
}

/** Returns the output of the programs. */
export function said({ folder }) {
  return ['muster', 'nginx', 'caddy', 'proxy.log']
    .map((name) => {
      try {
        return readFileSync(join(folder, name.includes('.') ? name : `${name}.out`), 'utf8').slice(
          -800,
        );
      } catch {
        return '';
      }
    })
    .join('\n');
}

/** Starts a node, a proxy before it, and a browser that trusts the proxy's certificate. */
export async function openWorld(proxy) {
  const folder = mkdtempSync(join(tmpdir(), `muster-${proxy}-`));
  const ports = await freePorts(['https', 'http', 'node', 'metrics', 'admin']);
  const origin = `https://localhost:${ports.https}`;
  const env = {
    HOME: join(folder, 'home'),
    XDG_DATA_HOME: join(folder, 'home'),
    XDG_CONFIG_HOME: join(folder, 'home'),
    MUSTER_HOST: origin,
    MUSTER_NODES: `127.0.0.1:${ports.node}`,
  };
  const world = { proxy, folder, ports, origin, env, children: [], canaries: [], broken: null };
  for (const part of ['data', 'home']) mkdirSync(join(folder, part), { mode: 0o700 });
  try {
    certificate(folder);
    const node = ['serve', '--data', join(folder, 'data'), '--listen', `127.0.0.1:${ports.node}`];
    const front = [
      '--behind-proxy',
      '--public-url',
      origin,
      '--metrics',
      `127.0.0.1:${ports.metrics}`,
    ];
    start(world, SERVER, [...node, ...front]);
    const { file, configure } = PROXIES[proxy];
    const [program, words] = configure(readFileSync(join(DEPLOY, file), 'utf8'), world);
    start(world, program, words, env);
    await until(`${proxy} and the node answer`, async () => {
      if (world.broken !== null) throw new Error(world.broken);
      return (await ask(world, '/ready').catch(() => ({}))).status === 200;
    });
    muster(world, 'ready', ['--listen', `127.0.0.1:${ports.node}`]);
    const room = ['--title', 'Lantern Court', '--cause', 'regulator-closure'];
    world.room = muster(world, 'open', room);
    world.browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--ignore-certificate-errors'],
    });
  } catch (error) {
    await closeWorld(world);
    throw error;
  }
  return world;
}

/** Returns the canaries found anywhere in the folder except in the node's own data, file by file. */
export function leaked({ folder, canaries }, under = '') {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const path = join(under, entry.name);
    if (path === 'data') return [];
    if (entry.isDirectory()) return leaked({ folder, canaries }, path);
    const text = readFileSync(join(folder, path), 'latin1');
    return canaries.filter((canary) => text.includes(canary)).map((canary) => `${path}: ${canary}`);
  });
}

/** Runs an operator command and returns its output. */
export function muster(world, command, words) {
  const flags = [command, '--data', join(world.folder, 'data'), ...words];
  return execFileSync(SERVER, flags, { encoding: 'utf8' }).trim();
}

/** Stops the programs and deletes their files. */
export async function closeWorld(world) {
  await world.browser?.close();
  const ends = world.children.map(
    (child) => new Promise((done) => (child.exitCode === null ? child.once('exit', done) : done())),
  );
  for (const child of world.children) {
    child.removeAllListeners('exit');
    if (child.pid === undefined) continue;
    child.kill();
  }
  await Promise.race([Promise.all(ends), new Promise((done) => setTimeout(done, WAIT_MS))]);
  rmSync(world.folder, { recursive: true, force: true });
}

/** Logs a member in by a link, in a separate browser context, and returns the page. */
export async function comesIn(world, face, at, roles = null) {
  const words = ['--room', world.room, '--face', face, '--name', `Ignatius ${face}`];
  const link = muster(world, 'invite', roles === null ? words : [...words, '--roles', roles]);
  world.canaries.push(link.split('#')[1], `Ignatius ${face}`);
  const context = await world.browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(link);
  await page.waitForURL(`**${at}*`);
  return page;
}

/** Sends a request through the proxy, unlike a browser; a granted upgrade is reported as 101. */
export function ask({ ports }, path, { method = 'GET', headers = {}, body = null } = {}) {
  return new Promise((resolve, reject) => {
    const to = { host: '127.0.0.1', port: ports.https, servername: 'localhost', path, method };
    const asked = request({
      ...to,
      rejectUnauthorized: false,
      headers: { host: `localhost:${ports.https}`, ...headers },
    });
    asked.setTimeout(WAIT_MS, () => asked.destroy(new Error('no answer')));
    asked.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve({ status: 101, headers: answer.headers, text: '' });
    });
    asked.on('response', (answer) => {
      let text = '';
      answer.on('data', (part) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    // A proxy may refuse a body that is too large, and close, before it has been sent.
    let answered = false;
    asked.on('response', () => (answered = true));
    asked.on('error', (error) => answered || reject(error));
    asked.end(body);
  });
}
