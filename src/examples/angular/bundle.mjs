/**
 * Makes the page in `target/page` of what `ngc` compiled: one script, and the two files beside it.
 *
 * Angular's packages come half compiled, for any version of Angular; its linker does the other half.
 */
import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import linkerPlugin from '@angular/compiler-cli/linker/babel';
import { transformAsync } from '@babel/core';
import { build } from 'esbuild';

const here = import.meta.dirname;
const page = path.join(here, 'target', 'page');

const linker = {
  name: 'angular-linker',
  setup({ onLoad }) {
    onLoad({ filter: /@angular[/\\].*[.]mjs$/ }, async ({ path: filename }) => {
      const code = await readFile(filename, 'utf8');
      if (!code.includes('ɵɵngDeclare')) {
        return undefined;
      }
      const linked = await transformAsync(code, {
        filename, plugins: [linkerPlugin], compact: false, babelrc: false, configFile: false });
      return { contents: linked.code, loader: 'js' };
    });
  },
};

await build({
  entryPoints: [path.join(here, 'target', 'compiled', 'main.js')],
  outfile: path.join(page, 'main.js'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  define: { ngDevMode: 'false', ngJitMode: 'false', ngServerMode: 'false' },
  plugins: [linker],
});
for (const file of ['index.html', 'styles.css']) {
  await copyFile(path.join(here, 'src', file), path.join(page, file));
}
