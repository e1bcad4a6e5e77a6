# Install without a word for this user, try the program, remove it: packaging\windows\try_installer.ps1 -Setup dist\..._setup.exe
# As a hospital's software distribution would. Ends with an error if something is missing, or left behind beside the user's data.
param([Parameter(Mandatory)] [string] $Setup)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Start-AndWait {
    param([string] $Program, [string[]] $Arguments)
    $ended = Start-Process -FilePath $Program -ArgumentList $Arguments -Wait -PassThru
    if ($ended.ExitCode -ne 0) { throw "$Program $($Arguments -join ' ') ended with $($ended.ExitCode)." }
}

$Setup = (Resolve-Path $Setup).Path
$place = Join-Path $env:TEMP 'EndoDesk to try'
$frames = Join-Path $env:TEMP 'endodesk frames'
$told = Join-Path $env:TEMP 'endodesk-answers.csv'
$picture = Join-Path $env:TEMP 'endodesk-window.png'
$log = Join-Path $env:TEMP 'endodesk-setup.log'
New-Item -ItemType Directory -Force $frames | Out-Null
Copy-Item (Join-Path $PSScriptRoot '..\..\docs\window.png') $frames  # any picture will do

Start-AndWait $Setup @('/VERYSILENT', '/SUPPRESSMSGBOXES', '/NORESTART', '/CURRENTUSER', "/DIR=`"$place`"", "/LOG=`"$log`"")
$open = (Get-ItemProperty 'HKCU:\Software\Classes\EndoDesk.Project\shell\open\command').'(default)'
if ($open -ne "`"$place\EndoDesk.exe`" `"%1`"") { throw "Projects would be opened by: $open" }
if (-not (Test-Path "$env:APPDATA\Microsoft\Windows\Start Menu\Programs\EndoDesk.lnk")) { throw 'EndoDesk is not in the Start menu.' }

$env:QT_QPA_PLATFORM = 'offscreen'
Start-AndWait "$place\endodesk-worker.exe" @('--version')
Start-AndWait "$place\endodesk-worker.exe" @('predict', "`"$frames`"", '--model', "`"$place\_internal\resources\models\starter`"", '--out', "`"$told`"")
Start-AndWait "$place\EndoDesk.exe" @('open', "`"$frames`"", '--snapshot', "`"$picture`"")
foreach ($path in $told, $picture) { if (-not (Test-Path $path)) { throw "$path was not written." } }

Start-AndWait "$place\unins000.exe" @('/VERYSILENT', '/SUPPRESSMSGBOXES', '/NORESTART')
Start-Sleep -Seconds 5  # the uninstaller removes itself a moment after it has ended
if (Test-Path $place) { throw "Left behind: $((Get-ChildItem -Recurse -Force $place).FullName -join ', ')" }
if (Test-Path 'HKCU:\Software\Classes\EndoDesk.Project') { throw 'The type of project files is still registered.' }
if (-not (Test-Path "$env:LOCALAPPDATA\endodesk")) { throw "The user's own data went with the program." }
Write-Output 'Installed, tried and removed; the user''s data stayed.'
