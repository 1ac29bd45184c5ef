import { mount } from 'svelte';
import { openKeep } from '../../lib/keep-disk';
import { Room } from '../../lib/room.svelte';
import { phoneRows } from '../../lib/wire/rows';
import '../../ui/app.css';
import './font.css';
import './phone.css';
import { askToKeep, awaitInstall } from './more/install.svelte';
import Phone from './Phone.svelte';
import { installWorker } from './worker';

const target = document.getElementById('app');
awaitInstall();
if (target)
  mount(Phone, { target, props: { room: new Room('phone', phoneRows, () => openKeep('phone')) } });
void installWorker();
void askToKeep();
