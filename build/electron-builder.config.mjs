import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FuseV1Options, FuseVersion } from '@electron/fuses';

/** Fuses of a packaged app, as package.mjs reads them back. Embedded ASAR integrity exists on macOS and Windows only. */
export function wantedFuses(platform) {
  return {
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableCookieEncryption]: true,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: platform !== 'linux',
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  };
}

/** The name by which a Linux desktop knows the app: its links, its windows. */
export const desktopEntry = 'tunel-desktop.desktop';

async function afterPack(context) {
  const { appOutDir, electronPlatformName: platform, packager } = context;
  // The registry's development runtime has a default app; a packaged one has only ours.
  if (platform === 'linux') {
    await rm(join(appOutDir, 'resources/app'), { recursive: true, force: true });
    // As the installers write it: for who unpacks the app without one, and to be read back.
    const { LinuxTargetHelper } = await import('app-builder-lib/out/targets/LinuxTargetHelper.js');
    const entry = await new LinuxTargetHelper(packager).computeDesktopEntry(packager.platformSpecificBuildOptions);
    await writeFile(join(appOutDir, 'resources', desktopEntry), entry);
  }
  await packager.addElectronFuses(context, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: platform === 'darwin',
    ...wantedFuses(platform),
  });
}

// Programs that plain Node starts, what they load, and what is read by path, stay plain files beside the archive.
const plainFiles = [
  'package.json',
  'dist/cli*',
  'dist/man/**',
  'dist/engine-background.js*',
  'dist/demo-cluster.js*',
  'dist/sdk/**',
  'dist/pages/**',
  'recipes/**',
  'sites/**',
  'node_modules/{libsql,@libsql,@neon-rs,detect-libc,keytar,node-addon-api}/**',
  'node_modules/{ssh2,asn1,bcrypt-pbkdf,tweetnacl,safer-buffer,cpu-features,buildcheck,nan}/**',
];

/** Where `man` finds the pages of the command; fpm takes folders as `FROM/=TO/`. */
const manualPages = [`${join(import.meta.dirname, '../dist/man')}/=/usr/share/man/man1/`];

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'io.github.tunel.desktop',
  productName: 'Tunel',
  directories: { output: 'release', buildResources: 'build/icons' },
  files: [
    'dist/**',
    '!dist/.inputs',
    'recipes/**',
    'sites/**',
    'package.json',
    'LICENSE',
    '!node_modules/keytar/{src,prebuilds,binding.gyp}',
    '!node_modules/**/*.{c,cc,h,o,gypi}',
  ],
  // Launch links: tunel://launch?...
  protocols: [{ name: 'Tunel launch link', schemes: ['tunel'] }],
  asar: true,
  asarUnpack: plainFiles,
  // keytar and libsql are N-API: their binaries fit every Electron, and nothing is to be compiled.
  npmRebuild: false,
  afterPack,
  linux: {
    icon: 'build/icons/icon.png',
    executableName: 'tunel-desktop',
    syncDesktopName: true,
    category: 'Science',
    synopsis: 'Apps that run on a cluster, on your desk',
    target: ['AppImage', 'deb', 'rpm'],
  },
  deb: {
    depends: ['libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2', 'libsecret-1-0', 'xdg-utils'],
    fpm: manualPages,
  },
  rpm: {
    depends: ['gtk3', 'nss', 'mesa-libgbm', 'alsa-lib', 'libsecret', 'xdg-utils'],
    fpm: manualPages,
  },
  mac: {
    icon: 'build/icons/icon.png',
    category: 'public.app-category.developer-tools',
    hardenedRuntime: true,
    target: ['dmg'],
  },
  win: { icon: 'build/icons/icon.png', target: ['nsis'] },
  nsis: { oneClick: true, perMachine: false },
  publish: null,
};
