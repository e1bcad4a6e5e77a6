# Build, try out and pack one edition on Windows: packaging\windows\build.ps1 -Edition reviewer [-Python py] [-Runtime vc_redist.x64.exe]
# Leaves build\EDITION\EndoDesk (the folder) and dist\endodesk-EDITION_VERSION_windows-x64_setup.exe with its sum and its bill of materials.
# Windows PowerShell 5.1 or PowerShell 7. Plain ASCII, for 5.1 reads other files by the code page of the machine.
#
# ENDODESK_SIGNTOOL   how to sign a file, with $f in the place of its name and $q of a quotation mark; nothing is signed without it:
#                     signtool.exe sign /fd SHA256 /td SHA256 /tr TIME-SERVER /n $qName in the certificate$q $f
# ISCC                where ISCC.exe of Inno Setup is, if not in its usual folder
param(
    [ValidateSet('reviewer', 'full')] [string] $Edition = 'reviewer',
    [string] $Python = 'python',
    [string] $Runtime = ''
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$LongestPath = 170  # characters below the program's folder: with C:\Users\NAME\AppData\Local\Programs\EndoDesk less than Windows' 260

function Invoke-Program {
    param([string] $Program, [string[]] $Arguments)
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program $($Arguments -join ' ') ended with $LASTEXITCODE." }
}

function Find-InnoSetup {
    $places = @($env:ISCC, "${env:ProgramFiles(x86)}\Inno Setup 6\ISCC.exe", "$env:ProgramFiles\Inno Setup 6\ISCC.exe", "$env:LOCALAPPDATA\Programs\Inno Setup 6\ISCC.exe")
    foreach ($place in $places) { if ($place -and (Test-Path $place)) { return $place } }
    throw 'Inno Setup 6.3 or newer is not there: install it, or say where ISCC.exe is (environment variable ISCC).'
}

function Test-Runtime {
    param([string] $Path)
    $signature = Get-AuthenticodeSignature $Path
    if ($signature.Status -ne 'Valid' -or $signature.SignerCertificate.Subject -notmatch 'O=Microsoft Corporation') {
        throw "$Path is not signed by Microsoft: get vc_redist.x64.exe from Microsoft anew."
    }
}

function Add-Signature {
    param([string] $Path)
    $command = $env:ENDODESK_SIGNTOOL.Replace('$q', '"').Replace('$f', "`"$Path`"")
    cmd.exe /c "$command"
    if ($LASTEXITCODE -ne 0) { throw "Signing $Path ended with $LASTEXITCODE." }
}

$root = (Resolve-Path (Join-Path $PSScriptRoot '..\..')).Path
Set-Location $root
$venv = Join-Path $root "build\venv-$Edition"
$inside = Join-Path $venv 'Scripts\python.exe'
$folder = Join-Path $root "build\$Edition\EndoDesk"
$work = Join-Path $root "build\work-$Edition"
$dist = Join-Path $root 'dist'
$inno = Find-InnoSetup
if ($Runtime) {
    $Runtime = (Resolve-Path $Runtime).Path
    Test-Runtime $Runtime
}

# The environment is its own, so that nothing of ours slips in. As packaging/build.sh does it.
if (-not (Test-Path $inside)) { Invoke-Program $Python @('-m', 'venv', $venv) }
$env:PIP_CONSTRAINT = Join-Path $root 'constraints.txt'
$what = if ($Edition -eq 'full') { '.[train]' } else { '.' }
Remove-Item -Recurse -Force -ErrorAction SilentlyContinue 'build\lib', 'build\bdist.*'
Invoke-Program $inside @('-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--force-reinstall', '--no-deps', '.')
Invoke-Program $inside @('-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', $what, 'pyinstaller')
$version = Invoke-Program $inside @('-c', 'import endodesk; print(endodesk.__version__)')

$env:ENDODESK_EDITION = $Edition
$env:PYTHONHASHSEED = '0'
$env:SOURCE_DATE_EPOCH = Invoke-Program 'git' @('log', '-1', '--format=%ct')
Remove-Item -Recurse -Force -ErrorAction SilentlyContinue "build\$Edition", $work
Invoke-Program $inside @('-m', 'PyInstaller', '--noconfirm', '--log-level', 'WARN', '--distpath', "build\$Edition", '--workpath', $work, 'packaging\endodesk.spec')

if ($env:ENDODESK_SIGNTOOL) {
    foreach ($name in 'EndoDesk.exe', 'endodesk-worker.exe') { Add-Signature (Join-Path $folder $name) }
}
else {
    Write-Warning 'ENDODESK_SIGNTOOL is not set: the program and its installer are not signed. SmartScreen will warn, and some antivirus programs will look twice.'
}
Invoke-Program $inside @('packaging\what_comes_along.py', $folder)  # after the signing, which changes the sums
Invoke-Program $inside @('packaging\smoke_test.py', $folder)

$longest = Get-ChildItem -Recurse -File $folder | ForEach-Object { $_.FullName.Substring($folder.Length + 1) } | Sort-Object Length -Descending | Select-Object -First 1
if ($longest.Length -gt $LongestPath) { throw "$longest has $($longest.Length) characters: in a user's folder Windows would not find it." }

New-Item -ItemType Directory -Force $dist | Out-Null
Invoke-Program $inside @('packaging\make_icons.py', $work)
$arguments = @('/Qp', "/DVersion=$version", "/DEdition=$Edition", "/DFolder=$folder", "/DIcon=$work\EndoDesk.ico", "/DOutput=$dist")
if ($Runtime) { $arguments += "/DRuntime=$Runtime" }
else { Write-Warning 'No -Runtime: the installer will not bring the Microsoft Visual C++ runtime along.' }
if ($env:ENDODESK_SIGNTOOL) { $arguments += "/Sendodesk=$env:ENDODESK_SIGNTOOL" }
Invoke-Program $inno ($arguments + 'packaging\windows\endodesk.iss')

$name = "endodesk-${Edition}_${version}_windows-x64"
$setup = Join-Path $dist "${name}_setup.exe"
$sum = (Get-FileHash -Algorithm SHA256 $setup).Hash.ToLowerInvariant()
Set-Content -Encoding Ascii -Path "$setup.sha256" -Value "$sum  ${name}_setup.exe"
Copy-Item (Join-Path $folder 'sbom.cdx.json') (Join-Path $dist "$name.cdx.json")
$size = (Get-ChildItem -Recurse -File $folder | Measure-Object -Sum Length).Sum / 1e6
Write-Output ('{0}: {1:N0} MB; installed {2:N0} MB; longest path {3} characters' -f $setup, ((Get-Item $setup).Length / 1e6), $size, $longest.Length)
