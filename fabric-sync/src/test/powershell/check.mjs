// Parses PowerShell scripts and checks them by rules of our own. Prints one line a finding; exit code 1 if there is one.
//   node check.mjs FILE...
//
// What a parser cannot know: whether a script does what it should. What is found here: anything that is not PowerShell, operators
// that Windows PowerShell 5.1 has not, commands and parameters that do not exist, variables that nothing has set.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Language, Parser } from 'web-tree-sitter';

const require = createRequire(import.meta.url);
const CMDLETS = new Map(Object.entries(JSON.parse(readFileSync(new URL('cmdlets.json', import.meta.url), 'utf8')))
  .map(([name, parameters]) => [name.toLowerCase(), new Set(parameters.map((p) => p.toLowerCase()))]));
const VERBS = new Set(['Add', 'Assert', 'Clear', 'Compare', 'Confirm', 'Convert', 'ConvertFrom', 'ConvertTo', 'Copy', 'Get', 'Import', 'Initialize', 'Install', 'Invoke', 'New',
  'Read', 'Receive', 'Register', 'Remove', 'Repair', 'Request', 'Save', 'Select', 'Send', 'Set', 'Start', 'Stop', 'Sync', 'Test', 'Uninstall', 'Update', 'Wait', 'Write']);
const COMMON = new Set(['erroraction', 'whatif', 'confirm', 'verbose']);
const AUTOMATIC = new Set(['_', 'true', 'false', 'null', 'pscmdlet', 'whatifpreference', 'psscriptroot', 'psboundparameters', 'input', 'args', 'error',
  'erroractionpreference', 'progresspreference', 'pscommandpath', 'psversiontable', 'matches', 'confirmpreference', 'lastexitcode']);

const findings = [];

const named = (root, ...types) => root.descendantsOfType(types);
const bare = (variable) => variable.text.replace(/^[$@]\{?/, '').replace(/\}$/, '').toLowerCase();

function parametersOf(block) {
  const params = block?.children.find((c) => c.type === 'param_block');
  return params ? named(params, 'script_parameter').map((p) => bare(p.children.find((c) => c.type === 'variable'))) : [];
}

function checkGrammar(file, root) {
  const broken = (node) => {
    if (node.isError || node.isMissing) findings.push(`${file}:${node.startPosition.row + 1}: not PowerShell: ${node.text.slice(0, 80)}`);
    if (node.hasError) node.children.forEach(broken);
  };
  broken(root);
  for (const node of named(root, 'pipeline_chain_tail')) {
    findings.push(`${file}:${node.startPosition.row + 1}: not in Windows PowerShell 5.1: ${node.text}`);
  }
  for (const node of named(root, 'expandable_string_literal', 'expandable_here_string_literal')) {
    if (node.text.includes('$')) findings.push(`${file}:${node.startPosition.row + 1}: a string that is expanded: ${node.text.slice(0, 60)}`);
  }
}

/** Variables that are read but that no parameter, assignment or loop of the function sets. */
function checkVariables(file, root, scriptNames) {
  const ofScript = parametersOf(root.children.find((c) => c.type === 'param_block') ? root : root.namedChildren[0]);
  const inFunctions = named(root, 'function_statement');
  const ranges = inFunctions.map((f) => [f.startIndex, f.endIndex]);
  const outside = (at) => !ranges.some(([start, end]) => at >= start && at < end);
  for (const scope of [root, ...inFunctions]) {
    const block = scope === root ? root : scope.children.find((c) => c.type === 'script_block');
    const known = new Set([...ofScript, ...parametersOf(block)]);
    const parts = named(scope, 'variable', 'left_assignment_expression', 'foreach_statement', 'script_parameter')
      .filter((node) => scope !== root || outside(node.startIndex));
    for (const node of parts.filter((n) => n.type !== 'variable')) {
      const first = node.type === 'script_parameter' ? node.children.find((c) => c.type === 'variable') : named(node, 'variable')[0];
      if (first) known.add(bare(first));
    }
    for (const use of parts.filter((n) => n.type === 'variable' && n.text !== '')) {
      const name = bare(use);
      if (name.startsWith('env:') || AUTOMATIC.has(name) || known.has(name)) continue;
      if (name.startsWith('script:') && scriptNames.has(name)) continue;
      findings.push(`${file}:${use.startPosition.row + 1}: $${name} is set nowhere here`);
    }
  }
}

function checkCommands(file, root, functions) {
  for (const command of named(root, 'command')) {
    const name = command.children.find((c) => c.type === 'command_name')?.text.toLowerCase();
    if (name === undefined) continue;
    const line = command.startPosition.row + 1;
    const parameters = functions.get(name) ?? CMDLETS.get(name);
    if (parameters === undefined) {
      findings.push(`${file}:${line}: no such command: ${name}`);
      continue;
    }
    const elements = command.children.find((c) => c.type === 'command_elements');
    for (const element of elements?.children ?? []) {
      if (element.type !== 'command_parameter') continue;
      const parameter = element.text.replace(/^-/, '').replace(/:$/, '').toLowerCase();
      if (!parameters.has(parameter) && !COMMON.has(parameter)) findings.push(`${file}:${line}: ${name} has no -${parameter}`);
    }
  }
}

function checkNames(file, root) {
  for (const name of named(root, 'function_name')) {
    const [verb, noun] = name.text.split('-');
    if (!VERBS.has(verb) || !/^Nvgate/.test(noun ?? '')) findings.push(`${file}:${name.startPosition.row + 1}: ${name.text} is no Verb-NvgateNoun`);
  }
}

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(join(dirname(require.resolve('tree-sitter-powershell/package.json')), 'tree-sitter-powershell.wasm')));

// A script may call what another one of them defines: the agent calls the module.
const scripts = process.argv.slice(2).map((file) => ({ file, text: readFileSync(file, 'utf8') }))
  .map((script) => ({ ...script, root: parser.parse(script.text).rootNode }));
const functions = new Map(scripts.flatMap(({ root }) => named(root, 'function_statement')).map((f) => [
  f.children.find((c) => c.type === 'function_name').text.toLowerCase(),
  new Set(parametersOf(f.children.find((c) => c.type === 'script_block'))),
]));

for (const { file, text, root } of scripts) {
  const scriptNames = new Set(named(root, 'left_assignment_expression').flatMap((a) => named(a, 'variable').slice(0, 1)).map(bare));
  checkGrammar(file, root);
  checkVariables(file, root, scriptNames);
  checkCommands(file, root, functions);
  checkNames(file, root);
  if (!/^Set-StrictMode -Version 2\.0$/m.test(text)) findings.push(`${file}: no Set-StrictMode`);
  if (!/^\$ErrorActionPreference = 'Stop'$/m.test(text)) findings.push(`${file}: no $ErrorActionPreference = 'Stop'`);
  if (/[^\x00-\x7f]/.test(text)) findings.push(`${file}: not ASCII, which Windows PowerShell would read by the code page of the machine`);
}
for (const finding of findings) console.log(finding);
console.log(`${process.argv.length - 2} files, ${findings.length} findings`);
process.exit(findings.length === 0 ? 0 : 1);
