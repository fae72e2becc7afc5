@echo off
rem Windows: a double click. Puts the course into the folder gans-for-faces of your home, installs
rem it there from the stick, checks it, and opens JupyterLab. Another folder: start.bat C:\gans
set "START=%~dp0course\helpers\classroom\stick\start.py"
for %%v in (3.12 3.13 3.11 3.10) do (
    py -%%v -I "%START%" --fits >nul 2>nul && set "PYTHON=py -%%v" && goto found
)
set "PYTHON=python"
python -I "%START%" --fits >nul 2>nul && goto found
python -c "" >nul 2>nul && goto found
set "PYTHON=py"
py -c "" >nul 2>nul && goto found
echo There is no Python on this computer. Install it from the stick's folder python, or from
echo python.org, and start again. READ_ME.txt says which one.
pause
exit /b 1
:found
%PYTHON% -I "%START%" %*
pause
