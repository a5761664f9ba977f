@echo off
rem Runs merganser from a release on Windows.
setlocal
set "home=%~dp0.."
if not defined MERGANSER_COMMAND set "MERGANSER_COMMAND=%0"
set "MERGANSER_EXAMPLES=~/merganser"
if defined JAVA_HOME (set "java=%JAVA_HOME%\bin\java.exe") else (set "java=java.exe")
"%java%" -Xms256m -Xmx2g "@%home%\jvm.options" %MERGANSER_OPTS% -jar "%home%\merganser.jar" %*
exit /b %errorlevel%
