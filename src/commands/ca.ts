/** `foretaste ca`: the local root that crawlers must trust. */
import type { Config } from '../config.ts';
import { authorityOf } from '../reach.ts';

type Print = (line: string) => void;

export const printRootPath = async (config: Config, print: Print): Promise<void> =>
  print((await authorityOf(config)).rootPath);

export const printRoot = async (config: Config, print: Print): Promise<void> =>
  print((await authorityOf(config)).rootPem.trimEnd());

/** Prints what to run, and runs nothing: a root in the system's store concerns every program of the machine. */
export async function printTrust(config: Config, print: Print): Promise<void> {
  const { rootPath } = await authorityOf(config);
  print('# Debian, Ubuntu');
  print(`sudo cp ${rootPath} /usr/local/share/ca-certificates/foretaste.crt && sudo update-ca-certificates`);
  print('# Fedora, RHEL');
  print(`sudo cp ${rootPath} /etc/pki/ca-trust/source/anchors/foretaste.pem && sudo update-ca-trust`);
  print('# macOS');
  print(`sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${rootPath}`);
  print('# Windows, as administrator');
  print(`certutil -addstore Root ${rootPath}`);
  print('# Or trust it in one shell only: foretaste env');
}
