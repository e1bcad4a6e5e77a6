; Installer of one edition for Windows. Inno Setup 6.3 or newer; packaging\windows\build.ps1 calls it:
;   ISCC /DVersion=... /DEdition=reviewer|full /DFolder=build\EDITION\EndoDesk /DIcon=...\EndoDesk.ico /DOutput=dist
;        [/DRuntime=...\vc_redist.x64.exe] [/Sendodesk=COMMAND with $f]     the latter with ENDODESK_SIGNTOOL set, see build.ps1

#ifndef Version
  #error Version is not defined: call packaging\windows\build.ps1, which takes it from endodesk.__version__
#endif
#ifndef Edition
  #error Edition is not defined: reviewer or full
#endif
#if Edition != "reviewer" && Edition != "full"
  #error Edition is reviewer or full
#endif
#ifndef Folder
  #error Folder is not defined: the built folder with EndoDesk.exe
#endif
#ifndef Icon
  #error Icon is not defined: EndoDesk.ico, see packaging\make_icons.py
#endif
#ifndef Output
  #define Output "."
#endif
#define EditionName Edition == "full" ? "Full" : "Reviewer"

[Setup]
; One product: the editions take each other's place, as the Linux packages do. Never change the id, or updates become second installations.
AppId={{6B0C1D9E-3A57-4E0B-9C41-5D2F8E7A1B36}
AppName=EndoDesk
AppVersion={#Version}
AppVerName=EndoDesk {#EditionName} {#Version}
AppPublisher=The EndoDesk project
VersionInfoVersion={#Version}
VersionInfoProductName=EndoDesk
VersionInfoDescription=Installer of EndoDesk {#EditionName}
; For this user without administrator's rights; /ALLUSERS or the first page makes it one for everybody.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
DefaultDirName={autopf}\EndoDesk
DisableProgramGroupPage=yes
DisableDirPage=auto
; Intel and AMD only: emulated on ARM it was never tried, and TensorFlow asks for AVX. Qt 6.8 and newer: Windows 10 1809.
ArchitecturesAllowed=x64os
ArchitecturesInstallIn64BitMode=x64os
MinVersion=10.0.17763
ChangesAssociations=yes
; Files in use: the running program is asked to close. All labels are on disk by then; a training can be gone on with.
CloseApplications=yes
CloseApplicationsFilter=*.exe,*.dll,*.pyd
RestartApplications=no
Compression=lzma2/max
SolidCompression=yes
LZMAUseSeparateProcess=yes
OutputDir={#Output}
OutputBaseFilename=endodesk-{#Edition}_{#Version}_windows-x64_setup
SetupIconFile={#Icon}
UninstallDisplayIcon={app}\EndoDesk.exe
UninstallDisplayName=EndoDesk {#EditionName} {#Version}
SetupLogging=yes
UninstallLogging=yes
TimeStampsInUTC=yes
WizardStyle=modern
ShowLanguageDialog=auto
#if GetEnv("ENDODESK_SIGNTOOL") != ""
SignTool=endodesk
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"; InfoBeforeFile: "..\about.en.txt"
Name: "es"; MessagesFile: "compiler:Languages\Spanish.isl"; InfoBeforeFile: "..\about.es.txt"

[CustomMessages]
en.ProjectFile=EndoDesk project
es.ProjectFile=Proyecto de EndoDesk
en.Comment=Review and correct a classifier of endoscopic frames. Research use only.
es.Comment=Revisar y corregir un clasificador de imágenes endoscópicas. Solo para investigación.
en.InstallingRuntime=Installing the Microsoft Visual C++ runtime...
es.InstallingRuntime=Instalando el entorno de ejecución de Microsoft Visual C++...
en.NoRuntime=The Microsoft Visual C++ 2015-2022 runtime (x64) could not be installed: it takes an administrator's rights. EndoDesk brings the files that it needs, so it should start all the same. If it does not, ask your administrator to run vc_redist.x64.exe.
es.NoRuntime=No se pudo instalar el entorno de ejecución de Microsoft Visual C++ 2015-2022 (x64): requiere permisos de administrador. EndoDesk incluye los archivos que necesita, así que debería iniciarse igualmente. Si no lo hace, pida a su administrador que ejecute vc_redist.x64.exe.
en.StillOpen=EndoDesk is open. Close it, then go on.
es.StillOpen=EndoDesk está abierto. Ciérrelo y continúe.

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked

[InstallDelete]
; Files of an older version or of the other edition: modules that are no more would be found first.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion
#ifdef Runtime
Source: "{#Runtime}"; DestDir: "{tmp}"; DestName: "vc_redist.x64.exe"; Flags: deleteafterinstall; Check: RuntimeIsMissing
#endif

[Icons]
Name: "{autoprograms}\EndoDesk"; Filename: "{app}\EndoDesk.exe"; Comment: "{cm:Comment}"
Name: "{autodesktop}\EndoDesk"; Filename: "{app}\EndoDesk.exe"; Comment: "{cm:Comment}"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.endodesk"; ValueType: string; ValueName: ""; ValueData: "EndoDesk.Project"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\.endodesk\OpenWithProgids"; ValueType: string; ValueName: "EndoDesk.Project"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\EndoDesk.Project"; ValueType: string; ValueName: ""; ValueData: "{cm:ProjectFile}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\EndoDesk.Project\DefaultIcon"; ValueType: string; ValueName: ""; ValueData: "{app}\EndoDesk.exe,0"
Root: HKA; Subkey: "Software\Classes\EndoDesk.Project\shell\open\command"; ValueType: string; ValueName: ""; ValueData: """{app}\EndoDesk.exe"" ""%1"""

[Run]
Filename: "{app}\EndoDesk.exe"; Description: "{cm:LaunchProgram,EndoDesk}"; Flags: nowait postinstall skipifsilent unchecked

[Code]
const
  RuntimeKey = 'SOFTWARE\Microsoft\VisualStudio\14.0\VC\Runtimes\x64';
  // Code compiled by Visual Studio 17.10 and newer crashes with the std::mutex of older runtimes.
  OldestMinor = 40;
  AlreadyNewer = 1638;
  RestartIsNeeded = 3010;

var
  RestartForRuntime: Boolean;

function RuntimeIsMissing: Boolean;
var
  Installed, Major, Minor: Cardinal;
begin
  Result := True;
  if RegQueryDWordValue(HKLM64, RuntimeKey, 'Installed', Installed) and RegQueryDWordValue(HKLM64, RuntimeKey, 'Major', Major)
    and RegQueryDWordValue(HKLM64, RuntimeKey, 'Minor', Minor) then
    Result := (Installed <> 1) or (Major < 14) or ((Major = 14) and (Minor < OldestMinor));
end;

// Without administrator's rights Windows asks for them; a silent installation for one user asks nobody and goes without.
function InstalledRuntime(const FileName: String): Boolean;
var
  Code: Integer;
begin
  Result := False;
  if IsAdmin then
    Result := Exec(FileName, '/install /quiet /norestart', '', SW_HIDE, ewWaitUntilTerminated, Code)
  else if not WizardSilent then
    Result := ShellExec('runas', FileName, '/install /quiet /norestart', '', SW_HIDE, ewWaitUntilTerminated, Code)
  else
    Log('The runtime is missing, and there is nobody to ask for an administrator''s rights.');
  if Result then
  begin
    Log(Format('The installer of the runtime ended with %d.', [Code]));
    RestartForRuntime := Code = RestartIsNeeded;
    Result := (Code = 0) or (Code = AlreadyNewer) or (Code = RestartIsNeeded);
  end;
end;

procedure CurStepChanged(CurStep: TSetupStep);
var
  FileName: String;
begin
  FileName := ExpandConstant('{tmp}\vc_redist.x64.exe');
  if (CurStep <> ssPostInstall) or not FileExists(FileName) then
    Exit;
  WizardForm.StatusLabel.Caption := CustomMessage('InstallingRuntime');
  if not InstalledRuntime(FileName) then
  begin
    Log(CustomMessage('NoRuntime'));
    SuppressibleMsgBox(CustomMessage('NoRuntime'), mbInformation, MB_OK, IDOK);
  end;
end;

function NeedRestart: Boolean;
begin
  Result := RestartForRuntime;
end;

// A running program's file cannot be opened for writing.
function IsOpen(const FileName: String): Boolean;
var
  Stream: TFileStream;
begin
  Result := False;
  if not FileExists(FileName) then
    Exit;
  try
    Stream := TFileStream.Create(FileName, fmOpenReadWrite or fmShareExclusive);
    Stream.Free;
  except
    Result := True;
  end;
end;

function InitializeUninstall: Boolean;
begin
  Result := True;
  while Result and (IsOpen(ExpandConstant('{app}\EndoDesk.exe')) or IsOpen(ExpandConstant('{app}\endodesk-worker.exe'))) do
    Result := SuppressibleMsgBox(CustomMessage('StillOpen'), mbError, MB_RETRYCANCEL, IDCANCEL) = IDRETRY;
end;
