@echo off
rem Runs the command line: finds a JDK 25, builds what is missing or older than its sources, starts it.
rem NEXUSLITE_JAVA_OPTS holds more flags for the JVM. Exit codes: docs/operations.md.
setlocal
set "NEXUSLITE_ROOT=%~dp0"
set "NEXUSLITE_JAR=%NEXUSLITE_ROOT%tools\target\nexuslite-tools.jar"

call :find_jdk
if not defined NEXUSLITE_JDK (
    >&2 echo NexusLite needs a JDK 25 and found none ^(JAVA_HOME, PATH and the usual folders were searched^).
    >&2 echo Get one from https://adoptium.net/temurin/releases/?version=25, then try again; if it lies elsewhere, set JAVA_HOME to it.
    exit /b 8
)

powershell -NoProfile -Command "$jar = Get-Item -ErrorAction SilentlyContinue $env:NEXUSLITE_JAR; if (-not $jar) { exit 1 }; $root = $env:NEXUSLITE_ROOT; $newer = Get-ChildItem -Recurse -File \"${root}pom.xml\", \"${root}engine\pom.xml\", \"${root}tools\pom.xml\", \"${root}engine\src\main\", \"${root}tools\src\main\" | Where-Object { $_.LastWriteTime -gt $jar.LastWriteTime } | Select-Object -First 1; if ($newer) { exit 1 } else { exit 0 }"
if errorlevel 1 (
    >&2 echo nexuslite: building ^(once, and after a change of the sources^) ...
    pushd "%NEXUSLITE_ROOT%"
    setlocal
    set "JAVA_HOME=%NEXUSLITE_JDK%"
    call mvnw.cmd -q -B -ntp -Dmaven.test.skip -Dspotless.check.skip -pl tools -am package 1>&2
    if errorlevel 1 (
        >&2 echo nexuslite: the build failed
        exit /b 8
    )
    endlocal
    popd
)

"%NEXUSLITE_JDK%\bin\java.exe" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED %NEXUSLITE_JAVA_OPTS% -jar "%NEXUSLITE_JAR%" %*
exit /b %errorlevel%

:find_jdk
set "NEXUSLITE_JDK="
if defined JAVA_HOME call :try "%JAVA_HOME%"
if defined NEXUSLITE_JDK goto :eof
for /f "delims=" %%j in ('where java 2^>nul') do call :try "%%~dpj.."
if defined NEXUSLITE_JDK goto :eof
for %%v in ("Eclipse Adoptium" Java Microsoft Zulu "Amazon Corretto" BellSoft) do (
    for /d %%d in ("%ProgramFiles%\%%~v\*25*") do call :try "%%~fd"
)
if defined NEXUSLITE_JDK goto :eof
for /d %%d in ("%USERPROFILE%\.jdks\*25*" "%USERPROFILE%\scoop\apps\*25*") do call :try "%%~fd"
goto :eof

:try
if defined NEXUSLITE_JDK goto :eof
if not exist "%~1\bin\javac.exe" goto :eof
findstr /r /c:"^JAVA_VERSION=.25[.\-]" /c:"^JAVA_VERSION=.25.$" "%~1\release" >nul 2>nul && set "NEXUSLITE_JDK=%~f1"
goto :eof
