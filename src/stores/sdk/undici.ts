// All of undici that Longhaul runs. The build puts its code into this file; see docs/decisions/0042.
export { Pool } from 'undici';
