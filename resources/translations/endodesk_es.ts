<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es_ES">
<context>
    <name></name>
    <message>
        <source>Look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system has it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark is made for a reading room; pictures stand on black in both.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of menus, panels and messages. Names of classes stay as they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Beside the system&apos;s own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reader&apos;s name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stands beside each label in projects that have no name of their own; empty for the name on the computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on to the next frame after a label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Else the frame stays until you go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the heat map from the start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key H turns it on and off at any time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity of the heat map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much it covers of the frame at the start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let the model answer all frames in the background</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filters by answer and queues need it. Without it, a frame is answered when you open it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;New project ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder of frames and its classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open folder ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a folder of frames or a project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Read folder again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for new and changed files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Classes ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which classes this project has, and their keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reader&apos;s &amp;name ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whose name stands beside each label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Settings ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme, language, size of text, and how the program works</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take your last step back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E&amp;xclude</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Never train or test on this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Poor &amp;quality</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot be judged: never train or test on this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not s&amp;ure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left out of training until a reader labels it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Flag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To find this frame again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Note ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A text beside this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Next frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Previous frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next frame &amp;without a reader&apos;s label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Search frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By file name, case or note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;First frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Last frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Heat map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which cells of the frame speak for the class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bl&amp;ind first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer appears only after your own label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Back to the frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From an enlarged step; else show all frames again, without a filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Actual size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One pixel of the frame on one of the screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Zoom in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the view left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the view right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the view up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the view down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check &amp;splits ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parts, label conflicts, near duplicates and leaks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Retrain ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Train a new model on the labels as they are now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Models ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which model answers; go back to an older one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Tour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Five cards on what the program does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show &amp;log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About EndoDesk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step {number} of {steps}: {title} ({recipe}). Esc comes back to the frame.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening {name} ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}   {width} x {height}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a folder of endoscopic frames: File &gt; Open folder (Ctrl+O), or drop one onto this window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no images in {folder}. Open another folder: Ctrl+O.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SYNTHETIC, not a patient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The language changes when the training has ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixel under the pointer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>x {x}  y {y}    R {red}  G {green}  B {blue}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Defaults</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
