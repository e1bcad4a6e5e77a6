<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es_ES">
<context>
    <name></name>
    <message>
        <source>Look</source>
        <translation>Aspecto</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Lectura</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Este equipo</translation>
    </message>
    <message>
        <source>As the system has it</source>
        <translation>Como el sistema</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Tema</translation>
    </message>
    <message>
        <source>Dark is made for a reading room; pictures stand on black in both.</source>
        <translation>El oscuro es para una sala de lectura; en ambos las imágenes están sobre negro.</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Of menus, panels and messages. Names of classes stay as they are.</source>
        <translation>De menús, paneles y mensajes. Los nombres de las clases quedan como están.</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>Tamaño del texto</translation>
    </message>
    <message>
        <source>Beside the system&apos;s own.</source>
        <translation>Además del propio del sistema.</translation>
    </message>
    <message>
        <source>Reader&apos;s name</source>
        <translation>Nombre del lector</translation>
    </message>
    <message>
        <source>Stands beside each label in projects that have no name of their own; empty for the name on the computer.</source>
        <translation>Figura junto a cada etiqueta en los proyectos que no tienen un nombre propio; vacío para el nombre del ordenador.</translation>
    </message>
    <message>
        <source>Go on to the next frame after a label</source>
        <translation>Pasar a la imagen siguiente tras una etiqueta</translation>
    </message>
    <message>
        <source>Else the frame stays until you go on.</source>
        <translation>Si no, la imagen permanece hasta que se avance.</translation>
    </message>
    <message>
        <source>Keep thumbnails and features of frames on the disk</source>
        <translation>Guardar en el disco miniaturas y características de las imágenes</translation>
    </message>
    <message>
        <source>Without them nothing of a frame stays there but what you took from videos and reports of trainings; each start is slower.</source>
        <translation>Sin ellas no queda allí nada de una imagen, salvo lo que tomó de vídeos y los informes de entrenamientos; cada inicio es más lento.</translation>
    </message>
    <message>
        <source>Where new projects are kept</source>
        <translation>Dónde se guardan los proyectos nuevos</translation>
    </message>
    <message>
        <source>Beside the images a project can be moved and copied with them; there others may read it who may read the images&apos; folder.</source>
        <translation>Junto a las imágenes un proyecto puede moverse y copiarse con ellas; allí puede leerlo quien pueda leer la carpeta de las imágenes.</translation>
    </message>
    <message>
        <source>In your account&apos;s data folder</source>
        <translation>En la carpeta de datos de su cuenta</translation>
    </message>
    <message>
        <source>Beside the images</source>
        <translation>Junto a las imágenes</translation>
    </message>
    <message>
        <source>Show the heat map from the start</source>
        <translation>Mostrar el mapa de calor desde el principio</translation>
    </message>
    <message>
        <source>Key H turns it on and off at any time.</source>
        <translation>La tecla H lo activa y desactiva en cualquier momento.</translation>
    </message>
    <message>
        <source>Opacity of the heat map</source>
        <translation>Opacidad del mapa de calor</translation>
    </message>
    <message>
        <source>How much it covers of the frame at the start.</source>
        <translation>Cuánto cubre de la imagen al principio.</translation>
    </message>
    <message>
        <source>Let the model answer all frames in the background</source>
        <translation>Dejar que el modelo responda a todas las imágenes en segundo plano</translation>
    </message>
    <message>
        <source>Filters by answer and queues need it. Without it, a frame is answered when you open it.</source>
        <translation>Los filtros por respuesta y las colas lo necesitan. Sin ello, una imagen se responde al abrirla.</translation>
    </message>
    <message>
        <source>Memory for huge pictures</source>
        <translation>Memoria para imágenes enormes</translation>
    </message>
    <message>
        <source>What all that are decoded at once may fill; others wait. A picture that needs more by itself is not opened.</source>
        <translation>Lo que pueden ocupar todas las que se descodifican a la vez; las demás esperan. Una imagen que por sí sola necesita más no se abre.</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Archivo</translation>
    </message>
    <message>
        <source>Who labels now: each reader has labels of their own</source>
        <translation>Quién etiqueta ahora: cada lector tiene sus propias etiquetas</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Editar</translation>
    </message>
    <message>
        <source>&amp;Label</source>
        <translation>E&amp;tiqueta</translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation>&amp;Ir</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ver</translation>
    </message>
    <message>
        <source>&amp;Data</source>
        <translation>&amp;Datos</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modelo</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>A&amp;yuda</translation>
    </message>
    <message>
        <source>&amp;New project ...</source>
        <translation>Proyecto &amp;nuevo ...</translation>
    </message>
    <message>
        <source>Choose a folder of frames and its classes</source>
        <translation>Elegir una carpeta de imágenes y sus clases</translation>
    </message>
    <message>
        <source>&amp;Open folder ...</source>
        <translation>&amp;Abrir carpeta ...</translation>
    </message>
    <message>
        <source>Open a folder of frames or a project</source>
        <translation>Abrir una carpeta de imágenes o un proyecto</translation>
    </message>
    <message>
        <source>Open pro&amp;ject ...</source>
        <translation>Abrir pro&amp;yecto ...</translation>
    </message>
    <message>
        <source>Open a project by its file</source>
        <translation>Abrir un proyecto por su archivo</translation>
    </message>
    <message>
        <source>Recent f&amp;olders</source>
        <translation>Carpetas r&amp;ecientes</translation>
    </message>
    <message>
        <source>Go back to a folder that was open</source>
        <translation>Volver a una carpeta que estuvo abierta</translation>
    </message>
    <message>
        <source>&amp;Read folder again</source>
        <translation>&amp;Volver a leer la carpeta</translation>
    </message>
    <message>
        <source>Look for new and changed files</source>
        <translation>Buscar archivos nuevos y cambiados</translation>
    </message>
    <message>
        <source>&amp;Take frames from a video ...</source>
        <translation>&amp;Tomar imágenes de un vídeo ...</translation>
    </message>
    <message>
        <source>By key, or one every few seconds; from DICOM films too</source>
        <translation>Con una tecla, o una cada pocos segundos; también de películas DICOM</translation>
    </message>
    <message>
        <source>&amp;Classes ...</source>
        <translation>&amp;Clases ...</translation>
    </message>
    <message>
        <source>Which classes this project has, and their keys</source>
        <translation>Qué clases tiene este proyecto, y sus teclas</translation>
    </message>
    <message>
        <source>Re&amp;ader ...</source>
        <translation>L&amp;ector ...</translation>
    </message>
    <message>
        <source>&amp;Settings ...</source>
        <translation>A&amp;justes ...</translation>
    </message>
    <message>
        <source>Theme, language, size of text, and how the program works</source>
        <translation>Tema, idioma, tamaño del texto y cómo funciona el programa</translation>
    </message>
    <message>
        <source>Case re&amp;port ...</source>
        <translation>Inf&amp;orme del caso ...</translation>
    </message>
    <message>
        <source>One page as PDF on the open frame&apos;s case</source>
        <translation>Una página en PDF sobre el caso de la imagen abierta</translation>
    </message>
    <message>
        <source>&amp;Export ...</source>
        <translation>&amp;Exportar ...</translation>
    </message>
    <message>
        <source>What readers said, for other programs, as it is now or was on any day</source>
        <translation>Lo que dijeron los lectores, para otros programas, como está ahora o estaba cualquier día</translation>
    </message>
    <message>
        <source>&amp;Import ...</source>
        <translation>&amp;Importar ...</translation>
    </message>
    <message>
        <source>What readers said elsewhere, after a look at what it would bring</source>
        <translation>Lo que dijeron lectores en otro sitio, tras mirar lo que traería</translation>
    </message>
    <message>
        <source>Clear stored pict&amp;ures ...</source>
        <translation>Borrar imágenes g&amp;uardadas ...</translation>
    </message>
    <message>
        <source>What this PC keeps of the frames, with its size; labels, models and your images stay</source>
        <translation>Lo que este equipo guarda de las imágenes, con su tamaño; las etiquetas, los modelos y sus imágenes se quedan</translation>
    </message>
    <message>
        <source>&amp;Verify the record ...</source>
        <translation>&amp;Verificar el registro ...</translation>
    </message>
    <message>
        <source>Whether any label was changed, deleted or inserted by another program</source>
        <translation>Si otro programa cambió, borró o añadió alguna etiqueta</translation>
    </message>
    <message>
        <source>Bac&amp;kups ...</source>
        <translation>C&amp;opias de seguridad ...</translation>
    </message>
    <message>
        <source>Copies of this project&apos;s labels; go back to one</source>
        <translation>Copias de las etiquetas de este proyecto; volver a una</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Salir</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Deshacer</translation>
    </message>
    <message>
        <source>Take your last step back</source>
        <translation>Retirar el último paso propio</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Rehacer</translation>
    </message>
    <message>
        <source>Do it again</source>
        <translation>Hacerlo otra vez</translation>
    </message>
    <message>
        <source>E&amp;xclude</source>
        <translation>E&amp;xcluir</translation>
    </message>
    <message>
        <source>Never train or test on this frame</source>
        <translation>No entrenar ni evaluar nunca con esta imagen</translation>
    </message>
    <message>
        <source>Poor &amp;quality</source>
        <translation>Mala &amp;calidad</translation>
    </message>
    <message>
        <source>Cannot be judged: never train or test on this frame</source>
        <translation>No se puede juzgar: no entrenar ni evaluar nunca con esta imagen</translation>
    </message>
    <message>
        <source>Not s&amp;ure</source>
        <translation>&amp;Dudosa</translation>
    </message>
    <message>
        <source>Left out of training until a reader labels it</source>
        <translation>Queda fuera del entrenamiento hasta que un lector la etiquete</translation>
    </message>
    <message>
        <source>&amp;Flag</source>
        <translation>&amp;Señalar</translation>
    </message>
    <message>
        <source>To find this frame again</source>
        <translation>Para volver a encontrar esta imagen</translation>
    </message>
    <message>
        <source>&amp;Note ...</source>
        <translation>&amp;Nota ...</translation>
    </message>
    <message>
        <source>A text beside this frame</source>
        <translation>Un texto junto a esta imagen</translation>
    </message>
    <message>
        <source>Correct the &amp;box ...</source>
        <translation>Corregir la &amp;caja ...</translation>
    </message>
    <message>
        <source>Draw the ScopeGuide box by hand</source>
        <translation>Dibujar a mano la caja de ScopeGuide</translation>
    </message>
    <message>
        <source>Correct the f&amp;ield of view ...</source>
        <translation>Corregir el campo v&amp;isual ...</translation>
    </message>
    <message>
        <source>Draw the field of view by hand</source>
        <translation>Dibujar a mano el campo visual</translation>
    </message>
    <message>
        <source>&amp;Next frame</source>
        <translation>Imagen &amp;siguiente</translation>
    </message>
    <message>
        <source>&amp;Previous frame</source>
        <translation>Imagen &amp;anterior</translation>
    </message>
    <message>
        <source>Next frame &amp;without a reader&apos;s label</source>
        <translation>Siguiente imagen sin etiqueta de un &amp;lector</translation>
    </message>
    <message>
        <source>&amp;Search frames</source>
        <translation>&amp;Buscar imágenes</translation>
    </message>
    <message>
        <source>By file name, case or note</source>
        <translation>Por nombre de archivo, caso o nota</translation>
    </message>
    <message>
        <source>Next &amp;case</source>
        <translation>Caso &amp;siguiente</translation>
    </message>
    <message>
        <source>Pre&amp;vious case</source>
        <translation>Caso an&amp;terior</translation>
    </message>
    <message>
        <source>Next case without a c&amp;onclusion</source>
        <translation>Siguiente caso sin c&amp;onclusión</translation>
    </message>
    <message>
        <source>&amp;First frame</source>
        <translation>&amp;Primera imagen</translation>
    </message>
    <message>
        <source>&amp;Last frame</source>
        <translation>&amp;Última imagen</translation>
    </message>
    <message>
        <source>&amp;Heat map</source>
        <translation>&amp;Mapa de calor</translation>
    </message>
    <message>
        <source>Which cells of the frame speak for the class</source>
        <translation>Qué celdas de la imagen hablan a favor de la clase</translation>
    </message>
    <message>
        <source>Frame or &amp;case</source>
        <translation>Imagen o &amp;caso</translation>
    </message>
    <message>
        <source>What the right side shows</source>
        <translation>Qué muestra el lado derecho</translation>
    </message>
    <message>
        <source>Bl&amp;ind first</source>
        <translation>Primero a c&amp;iegas</translation>
    </message>
    <message>
        <source>The answer appears only after your own label</source>
        <translation>La respuesta aparece solo después de la etiqueta propia</translation>
    </message>
    <message>
        <source>Only my o&amp;wn labels</source>
        <translation>Solo mis &amp;propias etiquetas</translation>
    </message>
    <message>
        <source>Not what other readers say, so that you read on your own</source>
        <translation>No lo que dicen otros lectores, para leer por su cuenta</translation>
    </message>
    <message>
        <source>&amp;Back to the frame</source>
        <translation>&amp;Volver a la imagen</translation>
    </message>
    <message>
        <source>From an enlarged step; else show all frames again, without a filter</source>
        <translation>Desde un paso ampliado; si no, volver a mostrar todas las imágenes, sin filtro</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>A&amp;justar</translation>
    </message>
    <message>
        <source>&amp;Actual size</source>
        <translation>Tamaño &amp;real</translation>
    </message>
    <message>
        <source>One pixel of the frame on one of the screen</source>
        <translation>Un píxel de la imagen en uno de la pantalla</translation>
    </message>
    <message>
        <source>&amp;Zoom in</source>
        <translation>&amp;Acercar</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>A&amp;lejar</translation>
    </message>
    <message>
        <source>Move the view left</source>
        <translation>Mover la vista a la izquierda</translation>
    </message>
    <message>
        <source>Move the view right</source>
        <translation>Mover la vista a la derecha</translation>
    </message>
    <message>
        <source>Move the view up</source>
        <translation>Mover la vista hacia arriba</translation>
    </message>
    <message>
        <source>Move the view down</source>
        <translation>Mover la vista hacia abajo</translation>
    </message>
    <message>
        <source>Out&amp;lines</source>
        <translation>Cont&amp;ornos</translation>
    </message>
    <message>
        <source>What the steps found, drawn over the frame</source>
        <translation>Lo que encontraron los pasos, dibujado sobre la imagen</translation>
    </message>
    <message>
        <source>&amp;Wipe to the preprocessed frame</source>
        <translation>&amp;Cortinilla a la imagen preprocesada</translation>
    </message>
    <message>
        <source>Left of a line the frame, right of it what preprocessing makes of it</source>
        <translation>A la izquierda de una línea, la imagen; a la derecha, lo que el preprocesamiento hace de ella</translation>
    </message>
    <message>
        <source>Move the wipe left</source>
        <translation>Mover la cortinilla a la izquierda</translation>
    </message>
    <message>
        <source>Move the wipe right</source>
        <translation>Mover la cortinilla a la derecha</translation>
    </message>
    <message>
        <source>Co&amp;mpare selected frames</source>
        <translation>Co&amp;mparar las imágenes seleccionadas</translation>
    </message>
    <message>
        <source>Two to four frames side by side, with one zoom</source>
        <translation>De dos a cuatro imágenes lado a lado, con un mismo zoom</translation>
    </message>
    <message>
        <source>Full &amp;screen</source>
        <translation>&amp;Pantalla completa</translation>
    </message>
    <message>
        <source>The frame alone; keys work as ever</source>
        <translation>Solo la imagen; las teclas funcionan como siempre</translation>
    </message>
    <message>
        <source>Check &amp;splits ...</source>
        <translation>Comprobar &amp;particiones ...</translation>
    </message>
    <message>
        <source>Parts, label conflicts, near duplicates and leaks</source>
        <translation>Partes, conflictos de etiquetas, casi duplicadas y fugas</translation>
    </message>
    <message>
        <source>&amp;Centre of selected frames ...</source>
        <translation>&amp;Centro de los fotogramas seleccionados ...</translation>
    </message>
    <message>
        <source>The hospital or device that they come from, where no folder or file tells it</source>
        <translation>El hospital o aparato del que vienen, donde ninguna carpeta ni archivo lo dice</translation>
    </message>
    <message>
        <source>&amp;Matrix ...</source>
        <translation>&amp;Matriz ...</translation>
    </message>
    <message>
        <source>What readers and the model say of the same frames, as it is now; a click shows the frames</source>
        <translation>Lo que los lectores y el modelo dicen de las mismas imágenes, tal como está ahora; un clic muestra las imágenes</translation>
    </message>
    <message>
        <source>Read &amp;plan ...</source>
        <translation>&amp;Plan de lectura ...</translation>
    </message>
    <message>
        <source>A study with several readers: who reads what, second reads, honeypots</source>
        <translation>Un estudio con varios lectores: quién lee qué, segundas lecturas, imágenes de control</translation>
    </message>
    <message>
        <source>&amp;Retrain ...</source>
        <translation>&amp;Reentrenar ...</translation>
    </message>
    <message>
        <source>Train a new model on the labels as they are now</source>
        <translation>Entrenar un modelo nuevo con las etiquetas tal como están ahora</translation>
    </message>
    <message>
        <source>&amp;Learn as I label ...</source>
        <translation>&amp;Aprender mientras etiqueto ...</translation>
    </message>
    <message>
        <source>A quick update after every so many labels, for you to decide on</source>
        <translation>Una actualización rápida cada tantas etiquetas, sobre la que usted decide</translation>
    </message>
    <message>
        <source>&amp;Will it work here? ...</source>
        <translation>¿&amp;Funcionará aquí? ...</translation>
    </message>
    <message>
        <source>What the model probably finds among these frames, without labels; 30 labels measure it</source>
        <translation>Lo que el modelo probablemente encuentra entre estas imágenes, sin etiquetas; 30 etiquetas lo miden</translation>
    </message>
    <message>
        <source>&amp;Models ...</source>
        <translation>&amp;Modelos ...</translation>
    </message>
    <message>
        <source>Which model answers; go back to an older one</source>
        <translation>Qué modelo responde; volver a uno anterior</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>&amp;Teclas</translation>
    </message>
    <message>
        <source>&amp;Tour</source>
        <translation>&amp;Recorrido</translation>
    </message>
    <message>
        <source>Five cards on what the program does</source>
        <translation>Cinco tarjetas sobre lo que hace el programa</translation>
    </message>
    <message>
        <source>Show &amp;log</source>
        <translation>Mostrar &amp;registro</translation>
    </message>
    <message>
        <source>&amp;About EndoDesk</source>
        <translation>&amp;Acerca de EndoDesk</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>Imagen</translation>
    </message>
    <message>
        <source>Step {number} of {steps}: {title} ({recipe}). Esc comes back to the frame.</source>
        <translation>Paso {number} de {steps}: {title} ({recipe}). Esc vuelve a la imagen.</translation>
    </message>
    <message>
        <source>Opening {name} ...</source>
        <translation>Abriendo {name} ...</translation>
    </message>
    <message>
        <source>{name}   {width} x {height}</source>
        <translation>{name}   {width} x {height}</translation>
    </message>
    <message>
        <source>Opening ...</source>
        <translation>Abriendo ...</translation>
    </message>
    <message>
        <source>Open a folder of endoscopic frames: File &gt; Open folder (Ctrl+O), or drop one onto this window.</source>
        <translation>Abrir una carpeta de imágenes endoscópicas: Archivo &gt; Abrir carpeta (Ctrl+O), o soltar una sobre esta ventana.</translation>
    </message>
    <message>
        <source>There are no frames in {folder} yet, but {n} videos: take frames from them by File &gt; Take frames (Ctrl+T).</source>
        <translation>Todavía no hay imágenes en {folder}, pero sí {n} vídeos: tome imágenes de ellos con Archivo &gt; Tomar imágenes (Ctrl+T).</translation>
    </message>
    <message>
        <source>There are no frames in {folder} yet, but a video: take frames from it by File &gt; Take frames (Ctrl+T).</source>
        <translation>Todavía no hay imágenes en {folder}, pero sí un vídeo: tome imágenes de él con Archivo &gt; Tomar imágenes (Ctrl+T).</translation>
    </message>
    <message>
        <source>There are no images in {folder}. Open another folder: Ctrl+O.</source>
        <translation>No hay imágenes en {folder}. Abrir otra carpeta: Ctrl+O.</translation>
    </message>
    <message>
        <source>SYNTHETIC, not a patient</source>
        <translation>SINTÉTICA, no es un paciente</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Herramientas</translation>
    </message>
    <message>
        <source>Pixel under the pointer</source>
        <translation>Píxel bajo el puntero</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Ampliación</translation>
    </message>
    <message>
        <source>{percent} %</source>
        <translation>{percent} %</translation>
    </message>
    <message>
        <source>x {x}  y {y}    R {red}  G {green}  B {blue}</source>
        <translation>x {x}  y {y}    R {red}  G {green}  B {blue}</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>&amp;Defaults</source>
        <translation>Valores pre&amp;determinados</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>Rueda</translation>
    </message>
    <message>
        <source>Zoom to the pointer</source>
        <translation>Ampliar hacia el puntero</translation>
    </message>
    <message>
        <source>Drag</source>
        <translation>Arrastrar</translation>
    </message>
    <message>
        <source>Move the frame</source>
        <translation>Mover la imagen</translation>
    </message>
    <message>
        <source>Ctrl+click</source>
        <translation>Ctrl+clic</translation>
    </message>
    <message>
        <source>Select several frames: a key then labels them all</source>
        <translation>Seleccionar varias imágenes: una tecla las etiqueta entonces todas</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Teclas</translation>
    </message>
    <message>
        <source>Search keys</source>
        <translation>Buscar teclas</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>Copias de seguridad</translation>
    </message>
    <message>
        <source>EndoDesk copies the record of this project (labels, marks, notes, conclusions, answers; no pictures) when it is opened and after each hundred acts, and keeps ten copies. They lie in {folder}.</source>
        <translation>EndoDesk copia el registro de este proyecto (etiquetas, marcas, notas, conclusiones, respuestas; ninguna imagen) al abrirlo y después de cada cien actos, y conserva diez copias. Están en {folder}.</translation>
    </message>
    <message>
        <source>&amp;Restore ...</source>
        <translation>&amp;Restaurar ...</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Cerrar</translation>
    </message>
    <message>
        <source>There is none yet: nobody has labelled anything, or the project was opened a moment ago.</source>
        <translation>Todavía no hay ninguna: nadie ha etiquetado nada, o el proyecto se abrió hace un momento.</translation>
    </message>
    <message>
        <source>The project goes back to how it stood on {time}. The present record stays beside it ({file}), and what the backup lacks is offered once it is open.</source>
        <translation>El proyecto vuelve a como estaba el {time}. El registro actual queda al lado ({file}), y lo que falta en la copia se ofrece al abrirlo.</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Restaurar</translation>
    </message>
    <message>
        <source>No key has these words.</source>
        <translation>Ninguna tecla tiene estas palabras.</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Ratón</translation>
    </message>
    <message>
        <source>The active model cannot be used. {reason} Choose another under Model &gt; Models.</source>
        <translation>El modelo activo no se puede usar. {reason} Elegir otro en Modelo &gt; Modelos.</translation>
    </message>
    <message>
        <source>The model folder {folder} holds another model than the project knows.</source>
        <translation>La carpeta de modelo {folder} contiene un modelo distinto del que conoce el proyecto.</translation>
    </message>
    <message>
        <source>{folder} cannot be written to: {reason}.</source>
        <translation>No se puede escribir en {folder}: {reason}.</translation>
    </message>
    <message>
        <source>unknown reason</source>
        <translation>motivo desconocido</translation>
    </message>
    <message>
        <source>{file} cannot be read: {reason}.</source>
        <translation>{file} no se puede leer: {reason}.</translation>
    </message>
    <message>
        <source>The model gives no numbers for a frame; its weights are damaged.</source>
        <translation>El modelo no da ningún número para una imagen; sus pesos están dañados.</translation>
    </message>
    <message>
        <source>1 file cannot be read and has no answer; the first: {file}.</source>
        <translation>1 archivo no se puede leer y no tiene respuesta; el primero: {file}.</translation>
    </message>
    <message>
        <source>{n} files cannot be read and have no answer; the first: {file}.</source>
        <translation>{n} archivos no se pueden leer y no tienen respuesta; el primero: {file}.</translation>
    </message>
    <message>
        <source>The model cannot be asked about all frames. {reason}</source>
        <translation>No se puede preguntar al modelo por todas las imágenes. {reason}</translation>
    </message>
    <message>
        <source>Reading frames</source>
        <translation>Leyendo imágenes</translation>
    </message>
    <message>
        <source>Making the queue</source>
        <translation>Creando la cola</translation>
    </message>
    <message>
        <source>Comparing frames</source>
        <translation>Comparando imágenes</translation>
    </message>
    <message>
        <source>That order was of the model before. Choose it again for the present one.</source>
        <translation>Ese orden era del modelo anterior. Elíjalo otra vez para el actual.</translation>
    </message>
    <message>
        <source>The model could not be copied into the project: {reason}.</source>
        <translation>El modelo no se pudo copiar al proyecto: {reason}.</translation>
    </message>
    <message>
        <source>It is said to lie on another computer, {folder}, in a project that was not made here. Import the model instead.</source>
        <translation>Dice que está en otro equipo, {folder}, en un proyecto que no se creó aquí. Importe el modelo en su lugar.</translation>
    </message>
    <message>
        <source>What the project knows of it is damaged.</source>
        <translation>Lo que el proyecto sabe de él está dañado.</translation>
    </message>
    <message>
        <source>{place} is neither a model bundle nor a project.</source>
        <translation>{place} no es ni un paquete de modelo ni un proyecto.</translation>
    </message>
    <message>
        <source>{place} has no active model. Name a model bundle.</source>
        <translation>{place} no tiene un modelo activo. Nombre un paquete de modelo.</translation>
    </message>
    <message>
        <source>made with the demo</source>
        <translation>creado con la demostración</translation>
    </message>
    <message>
        <source>1 video</source>
        <translation>1 vídeo</translation>
    </message>
    <message>
        <source>{n:,} videos</source>
        <translation>{n:,} vídeos</translation>
    </message>
    <message>
        <source>{frames} and {films} in {folder}</source>
        <translation>{frames} y {films} en {folder}</translation>
    </message>
    <message>
        <source>{frames} in {folder}</source>
        <translation>{frames} en {folder}</translation>
    </message>
    <message>
        <source>{n:,} system files skipped</source>
        <translation>{n:,} archivos del sistema omitidos</translation>
    </message>
    <message>
        <source>1 system file skipped</source>
        <translation>1 archivo del sistema omitido</translation>
    </message>
    <message>
        <source>An earlier version of this program showed {file} wrongly: in its colours, its brightness, or with parts that are not there. Its labels stay; look at it again where that matters. What models said of it is forgotten, and they are asked anew.</source>
        <translation>Una versión anterior de este programa mostró mal {file}: en sus colores, en su brillo o con partes que no existen. Sus etiquetas se conservan; vuelva a mirarla donde importe. Lo que los modelos dijeron de ella se olvida y se les pregunta de nuevo.</translation>
    </message>
    <message>
        <source>An earlier version of this program showed {n:,} frames wrongly: in their colours, their brightness, or with parts that are not there. Their labels stay; look at them again where that matters. What models said of them is forgotten, and they are asked anew.</source>
        <translation>Una versión anterior de este programa mostró mal {n:,} imágenes: en sus colores, en su brillo o con partes que no existen. Sus etiquetas se conservan; vuelva a mirarlas donde importe. Lo que los modelos dijeron de ellas se olvida y se les pregunta de nuevo.</translation>
    </message>
    <message>
        <source>One folder cannot be read ({folder}); the frames in it are not listed.</source>
        <translation>Una carpeta no se puede leer ({folder}); las imágenes que contiene no aparecen en la lista.</translation>
    </message>
    <message>
        <source>{n} folders cannot be read ({folder}); the frames in it are not listed.</source>
        <translation>{n} carpetas no se pueden leer ({folder}); las imágenes que contienen no aparecen en la lista.</translation>
    </message>
    <message>
        <source>labelled by a reader</source>
        <translation>etiquetada por un lector</translation>
    </message>
    <message>
        <source>by folder only</source>
        <translation>solo por la carpeta</translation>
    </message>
    <message>
        <source>unlabelled</source>
        <translation>sin etiquetar</translation>
    </message>
    <message>
        <source>readers disagree</source>
        <translation>los lectores no coinciden</translation>
    </message>
    <message>
        <source>without a case</source>
        <translation>sin caso</translation>
    </message>
    <message>
        <source> or </source>
        <comment>between what frames are filtered by</comment>
        <translation> o </translation>
    </message>
    <message>
        <source>by {reader}</source>
        <translation>por {reader}</translation>
    </message>
    <message>
        <source>label is not the answer</source>
        <translation>la etiqueta no es la respuesta</translation>
    </message>
    <message>
        <source>answer {low} to {high} % sure</source>
        <translation>respuesta segura del {low} al {high} %</translation>
    </message>
    <message>
        <source>near-identical ones once</source>
        <translation>las casi idénticas una sola vez</translation>
    </message>
    <message>
        <source>Something went wrong inside EndoDesk; the log has the details (Help &gt; Show log).</source>
        <translation>Algo ha fallado dentro de EndoDesk; el registro tiene los detalles (Ayuda &gt; Mostrar registro).</translation>
    </message>
    <message>
        <source>note: {text}</source>
        <translation>nota: {text}</translation>
    </message>
    <message>
        <source>note taken away</source>
        <translation>nota eliminada</translation>
    </message>
    <message>
        <source>The label was not taken back.</source>
        <translation>La etiqueta no se retiró.</translation>
    </message>
    <message>
        <source>The label was not given again.</source>
        <translation>La etiqueta no se volvió a dar.</translation>
    </message>
    <message>
        <source>It was not taken back.</source>
        <translation>No se retiró.</translation>
    </message>
    <message>
        <source>It was not given again.</source>
        <translation>No se volvió a dar.</translation>
    </message>
    <message>
        <source>A frame that cannot be shown is not labelled.</source>
        <translation>Una imagen que no se puede mostrar no se etiqueta.</translation>
    </message>
    <message>
        <source>None of the selected frames has been read yet.</source>
        <translation>Ninguna de las imágenes seleccionadas se ha leído todavía.</translation>
    </message>
    <message>
        <source>{n} of the selected frames cannot be labelled: not read, or not readable.</source>
        <translation>{n} de las imágenes seleccionadas no se pueden etiquetar: no leídas o ilegibles.</translation>
    </message>
    <message>
        <source>Wait until the frame is shown, then label it.</source>
        <translation>Esperar a que se muestre la imagen y etiquetarla entonces.</translation>
    </message>
    <message>
        <source>That could not be kept.</source>
        <translation>No se pudo guardar.</translation>
    </message>
    <message>
        <source>A verdict is for one frame at a time: select one.</source>
        <translation>Un veredicto es para un solo fotograma: seleccione uno.</translation>
    </message>
    <message>
        <source>This frame has no two readers. Choose another order to label it yourself.</source>
        <translation>Este fotograma no tiene dos lectores. Elija otro orden para etiquetarlo usted.</translation>
    </message>
    <message>
        <source>You have labelled this frame yourself, so somebody else decides. If you decide together, first take a name for both, such as {both} (File &gt; Reader).</source>
        <translation>Usted mismo etiquetó este fotograma, así que decide otra persona. Si deciden juntos, tomen antes un nombre común, como {both} (Archivo &gt; Lector).</translation>
    </message>
    <message>
        <source>verdict {label}</source>
        <translation>veredicto {label}</translation>
    </message>
    <message>
        <source>undone: {acts}</source>
        <translation>deshecho: {acts}</translation>
    </message>
    <message>
        <source>done again: {acts}</source>
        <translation>rehecho: {acts}</translation>
    </message>
    <message>
        <source>This is {reader}&apos;s word: nobody else takes it back. Give a label of your own, or decide (order: Readers disagree).</source>
        <translation>Esto lo dijo {reader} y nadie más lo retira. Dé una etiqueta propia o decida (orden: Los lectores no coinciden).</translation>
    </message>
    <message>
        <source>{n} of the selected files have changed since they were read, {file} the first of them. Press F5, look again, then label.</source>
        <translation>{n} de los archivos seleccionados han cambiado desde que se leyeron, el primero {file}. Pulse F5, mire de nuevo y etiquete entonces.</translation>
    </message>
    <message>
        <source>The label was not saved. {error}</source>
        <translation>La etiqueta no se guardó. {error}</translation>
    </message>
    <message>
        <source>It was not saved. {error}</source>
        <translation>No se guardó. {error}</translation>
    </message>
    <message>
        <source>{what}, for a frame that is not in this folder</source>
        <translation>{what}, en una imagen que no está en esta carpeta</translation>
    </message>
    <message>
        <source>{frame}: {what}</source>
        <translation>{frame}: {what}</translation>
    </message>
    <message>
        <source>{n:,} frames: {what}</source>
        <translation>{n:,} imágenes: {what}</translation>
    </message>
    <message>
        <source>excluded</source>
        <translation>excluida</translation>
    </message>
    <message>
        <source>no longer excluded</source>
        <translation>ya no excluida</translation>
    </message>
    <message>
        <source>poor quality</source>
        <translation>mala calidad</translation>
    </message>
    <message>
        <source>no longer poor quality</source>
        <translation>ya no mala calidad</translation>
    </message>
    <message>
        <source>not sure</source>
        <translation>dudosa</translation>
    </message>
    <message>
        <source>no longer not sure</source>
        <translation>ya no dudosa</translation>
    </message>
    <message>
        <source>flagged</source>
        <translation>señalada</translation>
    </message>
    <message>
        <source>no longer flagged</source>
        <translation>ya no señalada</translation>
    </message>
    <message>
        <source>There is nothing to compare with yet: label frames of {n} cases or more in at least two classes first.</source>
        <translation>Todavía no hay con qué comparar: etiquetar antes imágenes de {n} casos o más en al menos dos clases.</translation>
    </message>
    <message>
        <source>The project folder {folder} cannot be made: {reason}. Your work would be kept there: ask for the right to write to it, or open a project that lies elsewhere.</source>
        <translation>No se puede crear la carpeta del proyecto {folder}: {reason}. El trabajo se guardaría allí: pedir permiso para escribir en ella, o abrir un proyecto que esté en otro lugar.</translation>
    </message>
    <message>
        <source>There is no project for {folder}: nothing is kept of it.</source>
        <translation>No hay ningún proyecto para {folder}: no se guarda nada de esa carpeta.</translation>
    </message>
    <message>
        <source>The project {project} is open in another EndoDesk window. Close that one first.</source>
        <translation>El proyecto {project} está abierto en otra ventana de EndoDesk. Cerrar antes esa ventana.</translation>
    </message>
    <message>
        <source>The project folder {folder} cannot be written to. Ask for the right to, or choose another folder.</source>
        <translation>No se puede escribir en la carpeta del proyecto {folder}. Pedir permiso de escritura o elegir otra carpeta.</translation>
    </message>
    <message>
        <source>A queue tells what the model thinks. Turn View &gt; Blind first off to see one.</source>
        <translation>Una cola revela lo que piensa el modelo. Desactivar Ver &gt; Primero a ciegas para ver una.</translation>
    </message>
    <message>
        <source>This queue tells what other readers say. Turn View &gt; Only my own labels off to see it.</source>
        <translation>Esta cola dice lo que dicen otros lectores. Desactive Ver &gt; Solo mis propias etiquetas para verla.</translation>
    </message>
    <message>
        <source>labelled {label}; the model says {answer}</source>
        <translation>etiquetada {label}; el modelo dice {answer}</translation>
    </message>
    <message>
        <source>There are no labelled frames that a model has looked at yet: label some, and wait for their answers.</source>
        <translation>Todavía no hay imágenes etiquetadas que un modelo haya mirado: etiquetar algunas y esperar sus respuestas.</translation>
    </message>
    <message>
        <source>labelled {label}; looks like {other}</source>
        <translation>etiquetada {label}; se parece a {other}</translation>
    </message>
    <message>
        <source>There is nothing to compare with yet: label some frames, and wait for their answers.</source>
        <translation>Todavía no hay con qué comparar: etiquetar algunas imágenes y esperar sus respuestas.</translation>
    </message>
    <message>
        <source>unlike all training frames ({distance:.2f})</source>
        <translation>distinta de todas las imágenes de entrenamiento ({distance:.2f})</translation>
    </message>
    <message>
        <source>unlike all labelled frames ({distance:.2f})</source>
        <translation>distinta de todas las imágenes etiquetadas ({distance:.2f})</translation>
    </message>
    <message>
        <source>unlike all training frames ({distance:.2f}); nearest: {label}</source>
        <translation>distinta de todas las imágenes de entrenamiento ({distance:.2f}); la más cercana: {label}</translation>
    </message>
    <message>
        <source>unlike all labelled frames ({distance:.2f}); nearest: {label}</source>
        <translation>distinta de todas las imágenes etiquetadas ({distance:.2f}); la más cercana: {label}</translation>
    </message>
    <message>
        <source>There is no frame on which readers disagree.</source>
        <translation>No hay ningún fotograma en el que los lectores no coincidan.</translation>
    </message>
    <message>
        <source>There are no answers yet: choose a model under Model &gt; Models, and wait until it has answered.</source>
        <translation>Todavía no hay respuestas: elegir un modelo en Modelo &gt; Modelos y esperar a que haya respondido.</translation>
    </message>
    <message>
        <source>Least sure first</source>
        <translation>Primero las menos seguras</translation>
    </message>
    <message>
        <source>Frames between whose first two classes the model can hardly decide</source>
        <translation>Imágenes entre cuyas dos primeras clases el modelo apenas puede decidir</translation>
    </message>
    <message>
        <source>Probably mislabelled first</source>
        <translation>Primero las probablemente mal etiquetadas</translation>
    </message>
    <message>
        <source>Frames that look like those of another class than their label&apos;s</source>
        <translation>Imágenes que se parecen a las de una clase distinta de la de su etiqueta</translation>
    </message>
    <message>
        <source>Label and model disagree</source>
        <translation>Etiqueta y modelo discrepan</translation>
    </message>
    <message>
        <source>Frames with another label than the model&apos;s answer, the surest answers first</source>
        <translation>Imágenes con una etiqueta distinta de la respuesta del modelo, primero las respuestas más seguras</translation>
    </message>
    <message>
        <source>Most unlike the training frames first</source>
        <translation>Primero las más distintas de las de entrenamiento</translation>
    </message>
    <message>
        <source>Frames that look like nothing the model has learned from</source>
        <translation>Imágenes que no se parecen a nada de lo que el modelo ha aprendido</translation>
    </message>
    <message>
        <source>Readers disagree</source>
        <translation>Los lectores no coinciden</translation>
    </message>
    <message>
        <source>Frames whose readers have no majority: the keys of classes give the verdict</source>
        <translation>Fotogramas cuyos lectores no tienen mayoría: las teclas de las clases dan el veredicto</translation>
    </message>
    <message>
        <source>There is no folder {folder}.</source>
        <translation>No existe la carpeta {folder}.</translation>
    </message>
    <message>
        <source>Listing {folder} ...</source>
        <translation>Listando {folder} ...</translation>
    </message>
    <message>
        <source>The classes stay as they are: they were changed since, or one that would go is in use. File &gt; Classes changes them.</source>
        <translation>Las clases quedan como están: se han cambiado desde entonces, o una que se quitaría está en uso. Archivo &gt; Clases las cambia.</translation>
    </message>
    <message>
        <source>The model is still being loaded: try again in a moment.</source>
        <translation>El modelo se está cargando todavía: volver a intentarlo en un momento.</translation>
    </message>
    <message>
        <source>There is no active model to compare with: make one under Model &gt; Retrain, or choose one under Model &gt; Models.</source>
        <translation>No hay un modelo activo con el que comparar: crear uno en Modelo &gt; Reentrenar o elegir uno en Modelo &gt; Modelos.</translation>
    </message>
    <message>
        <source>Neither model was trained in this project, so it has no test frames for them. Compare them on all labelled frames instead.</source>
        <translation>Ninguno de los dos modelos se entrenó en este proyecto, así que no tiene imágenes de prueba para ellos. Compárelos en todas las imágenes etiquetadas.</translation>
    </message>
    <message>
        <source>No test frame of the training {run} can be asked about any more.</source>
        <translation>Ya no se puede preguntar por ninguna imagen de prueba del entrenamiento {run}.</translation>
    </message>
    <message>
        <source>Test frames left out, since one of the models has learnt from them: {n:,}.</source>
        <translation>Imágenes de prueba que se dejan fuera porque uno de los modelos aprendió de ellas: {n:,}.</translation>
    </message>
    <message>
        <source>Test frames that do not count, since they are not where they were: {n:,}.</source>
        <translation>Imágenes de prueba que no cuentan porque no están donde estaban: {n:,}.</translation>
    </message>
    <message>
        <source>The test frames of the training {run}, with the labels that they had then.</source>
        <translation>Las imágenes de prueba del entrenamiento {run}, con las etiquetas que tenían entonces.</translation>
    </message>
    <message>
        <source>There are no labelled frames yet: label some, or put them into folders named by class.</source>
        <translation>Todavía no hay imágenes etiquetadas: etiquetar algunas o ponerlas en carpetas con el nombre de su clase.</translation>
    </message>
    <message>
        <source>All labelled frames of the project, with the labels of now.</source>
        <translation>Todas las imágenes etiquetadas del proyecto, con las etiquetas de ahora.</translation>
    </message>
    <message>
        <source>The project&apos;s pattern for cases fits no file of {folder}: its folders are the cases.</source>
        <translation>El patrón de casos del proyecto no encaja con ningún archivo de {folder}: sus carpetas son los casos.</translation>
    </message>
    <message>
        <source>The frames in the class folders of {folder}.</source>
        <translation>Las imágenes en las carpetas de clases de {folder}.</translation>
    </message>
    <message>
        <source>The new model knows {new}, the other one {old}. Two classes at least must be the same, and have frames.</source>
        <translation>El modelo nuevo conoce {new}; el otro, {old}. Al menos dos clases deben ser las mismas y tener imágenes.</translation>
    </message>
    <message>
        <source>Frames of {name} that do not count, since not both models know this class: {n:,}.</source>
        <translation>Imágenes de {name} que no cuentan porque no ambos modelos conocen esta clase: {n:,}.</translation>
    </message>
    <message>
        <source>{model} has learnt from some of these frames ({n:,}): its figures are too good.</source>
        <translation>{model} aprendió de algunas de estas imágenes ({n:,}): sus cifras son demasiado buenas.</translation>
    </message>
    <message>
        <source>Files that could not be read, and do not count: {n:,}; the first: {reason}</source>
        <translation>Archivos que no se pudieron leer y no cuentan: {n:,}; el primero: {reason}</translation>
    </message>
    <message>
        <source>What {model} has learnt from is not known here: were it from these frames, its figures would be too good.</source>
        <translation>Aquí no se sabe de qué aprendió {model}: si fue de estas imágenes, sus cifras son demasiado buenas.</translation>
    </message>
    <message>
        <source>All classes</source>
        <translation>Todas las clases</translation>
    </message>
    <message>
        <source>1 frame has no structure (black, or one colour): it is joined with nothing by likeness.</source>
        <translation>1 imagen no tiene estructura (negra, o de un color): no se une con nada por parecido.</translation>
    </message>
    <message>
        <source>{n:,} frames have no structure (black, or one colour): they are joined with nothing by likeness.</source>
        <translation>{n:,} imágenes no tienen estructura (negras, o de un color): no se unen con nada por parecido.</translation>
    </message>
    <message>
        <source>One group holds {n:,} of the {total:,} frames of {label} ({share:.0%}). Its class cannot be divided well: fewer bits, or narrower cases, make smaller groups.</source>
        <translation>Un solo grupo contiene {n:,} de las {total:,} imágenes de {label} ({share:.0%}). Su clase no se puede dividir bien: con menos bits o con casos más estrechos se forman grupos más pequeños.</translation>
    </message>
    <message>
        <source>comes with EndoDesk</source>
        <translation>viene con EndoDesk</translation>
    </message>
    <message>
        <source>Blind first: the answer appears once you have given your own label.</source>
        <translation>Primero a ciegas: la respuesta aparece cuando se ha dado la etiqueta propia.</translation>
    </message>
    <message>
        <source>Your own label is kept. A key now labels again and goes on; Right only goes on.</source>
        <translation>La etiqueta propia se conserva. Ahora una tecla vuelve a etiquetar y avanza; Derecha solo avanza.</translation>
    </message>
    <message>
        <source>A click, or Up and Down, chooses the class of the heat map</source>
        <translation>Un clic, o Arriba y Abajo, elige la clase del mapa de calor</translation>
    </message>
    <message>
        <source>Answer: {said}</source>
        <translation>Respuesta: {said}</translation>
    </message>
    <message>
        <source>Heat map (H)</source>
        <translation>Mapa de calor (H)</translation>
    </message>
    <message>
        <source>Grad-CAM: which cells of the frame speak for the class. A click on a bar chooses the class.</source>
        <translation>Grad-CAM: qué celdas de la imagen hablan a favor de la clase. Un clic en una barra elige la clase.</translation>
    </message>
    <message>
        <source>Answer of the model</source>
        <translation>Respuesta del modelo</translation>
    </message>
    <message>
        <source>The report cannot be written to {path}: {reason}.</source>
        <translation>No se puede escribir el informe en {path}: {reason}.</translation>
    </message>
    <message>
        <source>Case {case}</source>
        <translation>Caso {case}</translation>
    </message>
    <message>
        <source>{project}; report of {when} by {reader}</source>
        <translation>{project}; informe del {when} por {reader}</translation>
    </message>
    <message>
        <source>SYNTHETIC frames, not of a patient</source>
        <translation>Imágenes SINTÉTICAS, no son de un paciente</translation>
    </message>
    <message>
        <source>What is in it</source>
        <translation>Qué contiene</translation>
    </message>
    <message>
        <source>Conclusion</source>
        <translation>Conclusión</translation>
    </message>
    <message>
        <source>Frames that matter</source>
        <translation>Imágenes importantes</translation>
    </message>
    <message>
        <source>Made with EndoDesk {version}.</source>
        <translation>Hecho con EndoDesk {version}.</translation>
    </message>
    <message>
        <source>Research use only. Not for diagnosis.</source>
        <translation>Solo para investigación. No apto para diagnóstico.</translation>
    </message>
    <message>
        <source>Nothing was concluded yet.</source>
        <translation>Aún no hay conclusión.</translation>
    </message>
    <message>
        <source>Finding: {finding}</source>
        <translation>Hallazgo: {finding}</translation>
    </message>
    <message>
        <source>{reader}, {when}</source>
        <translation>{reader}, {when}</translation>
    </message>
    <message>
        <source>None: no model has answered these frames.</source>
        <translation>Ninguna: ningún modelo ha respondido sobre estas imágenes.</translation>
    </message>
    <message>
        <source>There is no room left for pictures: the conclusion is long.</source>
        <translation>No queda sitio para imágenes: la conclusión es larga.</translation>
    </message>
    <message>
        <source>This frame cannot be read any more.</source>
        <translation>Esta imagen ya no se puede leer.</translation>
    </message>
    <message>
        <source> ... (shortened; the whole text is in the project)</source>
        <translation> ... (abreviado; el texto completo está en el proyecto)</translation>
    </message>
    <message>
        <source>{frames} frames, {labelled} labelled by a reader</source>
        <translation>{frames} imágenes, {labelled} etiquetadas por un lector</translation>
    </message>
    <message>
        <source>1 frame, {labelled} labelled by a reader</source>
        <translation>1 imagen, {labelled} etiquetadas por un lector</translation>
    </message>
    <message>
        <source>Labels: {classes}</source>
        <translation>Etiquetas: {classes}</translation>
    </message>
    <message>
        <source>Answers of the model: {classes}</source>
        <translation>Respuestas del modelo: {classes}</translation>
    </message>
    <message>
        <source>{n} answers are hidden until you have labelled their frames</source>
        <translation>{n} respuestas quedan ocultas hasta que haya etiquetado sus imágenes</translation>
    </message>
    <message>
        <source>Marks: {marks}</source>
        <translation>Marcas: {marks}</translation>
    </message>
    <message>
        <source>model: {answer} {percent} %</source>
        <translation>modelo: {answer} {percent} %</translation>
    </message>
    <message>
        <source>label: {label}</source>
        <translation>etiqueta: {label}</translation>
    </message>
    <message>
        <source>No model was active.</source>
        <translation>No había ningún modelo activo.</translation>
    </message>
    <message>
        <source>Model: {name} ({id}).</source>
        <translation>Modelo: {name} ({id}).</translation>
    </message>
    <message>
        <source>On the test part of its own training: accuracy {value} % (95 % interval {low} to {high}), n = {n}.</source>
        <translation>En la parte de prueba de su propio entrenamiento: exactitud {value} % (intervalo del 95 %: {low} a {high}), n = {n}.</translation>
    </message>
    <message>
        <source>There is no model yet. Label some frames of each class, then Model &gt; Retrain.</source>
        <translation>Todavía no hay modelo. Etiquetar algunas imágenes de cada clase y después Modelo &gt; Reentrenar.</translation>
    </message>
    <message>
        <source>The model is being loaded ...</source>
        <translation>El modelo se está cargando ...</translation>
    </message>
    <message>
        <source>Trained on synthetic frames: its answers mean nothing for real ones.</source>
        <translation>Entrenado con imágenes sintéticas: sus respuestas no significan nada para las reales.</translation>
    </message>
    <message>
        <source>{label} ({word})</source>
        <translation>{label} ({word})</translation>
    </message>
    <message>
        <source>Not sure: in validation, answers below {limit} were wrong too often to rely on.</source>
        <translation>Dudosa: en la validación, las respuestas por debajo del {limit} fueron erróneas con demasiada frecuencia para fiarse de ellas.</translation>
    </message>
    <message>
        <source>Answers: {answered:,} of {total:,}</source>
        <translation>Respuestas: {answered:,} de {total:,}</translation>
    </message>
    <message>
        <source>Answers: {answered:,} of {total:,}, paused</source>
        <translation>Respuestas: {answered:,} de {total:,}, en pausa</translation>
    </message>
    <message>
        <source>Answers: {answered:,} of {total:,}, stopped</source>
        <translation>Respuestas: {answered:,} de {total:,}, detenidas</translation>
    </message>
    <message>
        <source>Frames answered</source>
        <translation>Imágenes respondidas</translation>
    </message>
    <message>
        <source>Stop answering; the answers so far are kept</source>
        <translation>Dejar de responder; las respuestas dadas se conservan</translation>
    </message>
    <message>
        <source>Pause answering: leaves the computer to you</source>
        <translation>Pausar las respuestas: deja libre el ordenador</translation>
    </message>
    <message>
        <source>Go on answering</source>
        <translation>Seguir respondiendo</translation>
    </message>
    <message>
        <source>Answers: {answered:,} of {total:,}, {pace:.0f} a second, {time} left</source>
        <translation>Respuestas: {answered:,} de {total:,}, {pace:.0f} por segundo, faltan {time}</translation>
    </message>
    <message>
        <source>Begin with</source>
        <translation>Empezar con</translation>
    </message>
    <message>
        <source>Begin with ...</source>
        <translation>Empezar con ...</translation>
    </message>
    <message>
        <source>From sub&amp;folders</source>
        <translation>De las sub&amp;carpetas</translation>
    </message>
    <message>
        <source>A class for each folder right in the folder of frames</source>
        <translation>Una clase por cada carpeta situada directamente en la carpeta de imágenes</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Añadir</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Quitar</translation>
    </message>
    <message>
        <source>Move &amp;up</source>
        <translation>S&amp;ubir</translation>
    </message>
    <message>
        <source>Move &amp;down</source>
        <translation>&amp;Bajar</translation>
    </message>
    <message>
        <source>&amp;Other names</source>
        <translation>&amp;Otros nombres</translation>
    </message>
    <message>
        <source>Words that mean a class, too: names that it had, folders and models that call it otherwise</source>
        <translation>Palabras que también significan una clase: nombres que tuvo, carpetas y modelos que la llaman de otro modo</translation>
    </message>
    <message>
        <source>Double-click a name, a key or a colour to change it.</source>
        <translation>Hacer doble clic en un nombre, una tecla o un color para cambiarlo.</translation>
    </message>
    <message>
        <source>Colour of {label}</source>
        <translation>Color de {label}</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Clases</translation>
    </message>
    <message>
        <source>Class folders with these names give their frames a label. A class under another name keeps its labels: double-click it.</source>
        <translation>Las carpetas de clase con estos nombres dan una etiqueta a sus imágenes. Una clase con otro nombre conserva sus etiquetas: doble clic en él.</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Clase</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Tecla</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Color</translation>
    </message>
    <message>
        <source>Other names</source>
        <translation>Otros nombres</translation>
    </message>
    <message>
        <source>Another name for a class keeps its labels. Class folders with this name give their frames this label.</source>
        <translation>Con otro nombre, una clase conserva sus etiquetas. Las carpetas de clase con este nombre dan esta etiqueta a sus imágenes.</translation>
    </message>
    <message>
        <source>One of {keys}, or none</source>
        <translation>Una de {keys}, o ninguna</translation>
    </message>
    <message>
        <source>Double-click to choose another</source>
        <translation>Hacer doble clic para elegir otro</translation>
    </message>
    <message>
        <source>Labels, class folders and models with one of these words, parted by commas, mean this class.</source>
        <translation>Las etiquetas, las carpetas de clase y los modelos con una de estas palabras, separadas por comas, significan esta clase.</translation>
    </message>
    <message>
        <source>There are no classes: add at least one.</source>
        <translation>No hay clases: añadir al menos una.</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Pérdida</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Exactitud</translation>
    </message>
    <message>
        <source>training</source>
        <translation>entrenamiento</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>validación</translation>
    </message>
    <message>
        <source>validation, source hidden</source>
        <translation>validación, con la procedencia oculta</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>época</translation>
    </message>
    <message>
        <source>fine-tuning</source>
        <translation>ajuste fino</translation>
    </message>
    <message>
        <source>Queues, with the reason on the card:</source>
        <translation>Colas, con el motivo en la tarjeta:</translation>
    </message>
    <message>
        <source>By case</source>
        <translation>Por caso</translation>
    </message>
    <message>
        <source>By file</source>
        <translation>Por archivo</translation>
    </message>
    <message>
        <source>Confidence, lowest first</source>
        <translation>Confianza, primero la más baja</translation>
    </message>
    <message>
        <source>Confidence, highest first</source>
        <translation>Confianza, primero la más alta</translation>
    </message>
    <message>
        <source>Label, newest first</source>
        <translation>Etiqueta, primero la más reciente</translation>
    </message>
    <message>
        <source>Label, oldest first</source>
        <translation>Etiqueta, primero la más antigua</translation>
    </message>
    <message>
        <source>Name, case or note</source>
        <translation>Nombre, caso o nota</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Buscar</translation>
    </message>
    <message>
        <source>Filter {arrow}</source>
        <translation>Filtro {arrow}</translation>
    </message>
    <message>
        <source>Class, label, reader, answer, case, near-identical frames</source>
        <translation>Clase, etiqueta, lector, respuesta, caso, imágenes casi idénticas</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Orden</translation>
    </message>
    <message>
        <source>In which order the frames stand; next and previous follow it</source>
        <translation>En qué orden están las imágenes; siguiente y anterior lo respetan</translation>
    </message>
    <message>
        <source>My reading list</source>
        <translation>Mi lista de lectura</translation>
    </message>
    <message>
        <source>Take away: {part}</source>
        <translation>Quitar: {part}</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Borrar</translation>
    </message>
    <message>
        <source>Show all frames again (Esc)</source>
        <translation>Volver a mostrar todas las imágenes (Esc)</translation>
    </message>
    <message>
        <source>A cell of the matrix</source>
        <translation>Una celda de la matriz</translation>
    </message>
    <message>
        <source>The frames that were clicked on in Data &gt; Matrix</source>
        <translation>Las imágenes en las que se hizo clic en Datos &gt; Matriz</translation>
    </message>
    <message>
        <source>Frames to label</source>
        <translation>Imágenes por etiquetar</translation>
    </message>
    <message>
        <source>The frames that were chosen in Model &gt; Will it work here</source>
        <translation>Las imágenes que se eligieron en Modelo &gt; ¿Funcionará aquí?</translation>
    </message>
    <message>
        <source>Label given</source>
        <translation>Etiqueta dada</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Lector</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>Marcada</translation>
    </message>
    <message>
        <source>Is not the label</source>
        <translation>No coincide con la etiqueta</translation>
    </message>
    <message>
        <source>Least confidence</source>
        <translation>Confianza mínima</translation>
    </message>
    <message>
        <source>Greatest confidence</source>
        <translation>Confianza máxima</translation>
    </message>
    <message>
        <source>Sure by</source>
        <translation>Segura del</translation>
    </message>
    <message>
        <source>to</source>
        <comment>from one percentage to another</comment>
        <translation>al</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Caso</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>Casos</translation>
    </message>
    <message>
        <source>Near-identical frames</source>
        <translation>Imágenes casi idénticas</translation>
    </message>
    <message>
        <source>Show one of each group</source>
        <translation>Mostrar una de cada grupo</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Imágenes</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Cuadrícula</translation>
    </message>
    <message>
        <source>Cards side by side</source>
        <translation>Tarjetas una al lado de otra</translation>
    </message>
    <message>
        <source>List</source>
        <translation>Lista</translation>
    </message>
    <message>
        <source>One frame a line</source>
        <translation>Una imagen por línea</translation>
    </message>
    <message>
        <source>Size of the thumbnails</source>
        <translation>Tamaño de las miniaturas</translation>
    </message>
    <message>
        <source>{shown:,} of {n:,} frames</source>
        <translation>{shown:,} de {n:,} imágenes</translation>
    </message>
    <message>
        <source>{n:,} frames</source>
        <translation>{n:,} imágenes</translation>
    </message>
    <message>
        <source>{n:,} labelled by a reader</source>
        <translation>{n:,} etiquetadas por un lector</translation>
    </message>
    <message>
        <source>{n:,} labelled by you</source>
        <translation>{n:,} etiquetados por usted</translation>
    </message>
    <message>
        <source>No frames yet</source>
        <translation>Todavía no hay imágenes</translation>
    </message>
    <message>
        <source>No frame passes the filter. Esc shows all again.</source>
        <translation>Ninguna imagen pasa el filtro. Esc vuelve a mostrarlas todas.</translation>
    </message>
    <message>
        <source>1 label</source>
        <translation>1 etiqueta</translation>
    </message>
    <message>
        <source>{n:,} labels</source>
        <translation>{n:,} etiquetas</translation>
    </message>
    <message>
        <source>1 conclusion</source>
        <translation>1 conclusión</translation>
    </message>
    <message>
        <source>{n:,} conclusions</source>
        <translation>{n:,} conclusiones</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>ilegible</translation>
    </message>
    <message>
        <source>1 frame, {labelled:,} labelled</source>
        <translation>1 imagen, {labelled:,} etiquetadas</translation>
    </message>
    <message>
        <source>no label</source>
        <translation>sin etiqueta</translation>
    </message>
    <message>
        <source>{shown} frames, {labelled:,} labelled</source>
        <translation>{shown} imágenes, {labelled:,} etiquetadas</translation>
    </message>
    <message>
        <source>{label} (by a reader)</source>
        <translation>{label} (por un lector)</translation>
    </message>
    <message>
        <source>{label} (by its folder)</source>
        <translation>{label} (por su carpeta)</translation>
    </message>
    <message>
        <source>answer: {label}, {confidence:.0%}</source>
        <translation>respuesta: {label}, {confidence:.0%}</translation>
    </message>
    <message>
        <source>{n} near-identical frames behind it</source>
        <translation>{n} imágenes casi idénticas detrás de esta</translation>
    </message>
    <message>
        <source>1 frame</source>
        <translation>1 imagen</translation>
    </message>
    <message>
        <source>{n:,} labelled</source>
        <translation>{n:,} etiquetadas</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historial</translation>
    </message>
    <message>
        <source>and {n} earlier</source>
        <translation>y {n} anteriores</translation>
    </message>
    <message>
        <source>Drawn by hand</source>
        <translation>Dibujado a mano</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Retirar</translation>
    </message>
    <message>
        <source>Give again</source>
        <translation>Volver a dar</translation>
    </message>
    <message>
        <source>{part} back to automatic by {reader}, {time}</source>
        <translation>{part} de vuelta a automático por {reader}, {time}</translation>
    </message>
    <message>
        <source>{part} drawn by {reader}, {time}</source>
        <translation>{part} dibujado por {reader}, {time}</translation>
    </message>
    <message>
        <source>{part}: there is none, by {reader}, {time}</source>
        <translation>{part}: no hay, según {reader}, {time}</translation>
    </message>
    <message>
        <source>{word} (now {label})</source>
        <translation>{word} (ahora {label})</translation>
    </message>
    <message>
        <source>not labelled by a reader</source>
        <translation>sin etiqueta de un lector</translation>
    </message>
    <message>
        <source>{what} by {reader}, {when}</source>
        <translation>{what} por {reader}, {when}</translation>
    </message>
    <message>
        <source>verdict {what} by {reader}, {when}</source>
        <translation>veredicto {what} de {reader}, {when}</translation>
    </message>
    <message>
        <source>drawn on by hand</source>
        <translation>con contornos dibujados a mano</translation>
    </message>
    <message>
        <source>This frame: {what}</source>
        <translation>Esta imagen: {what}</translation>
    </message>
    <message>
        <source>All frames: {n} labelled by a reader, {marked} marked or with a note; {cases} cases concluded.</source>
        <translation>Todas las imágenes: {n} con etiqueta de un lector, {marked} con marca o nota; {cases} casos concluidos.</translation>
    </message>
    <message>
        <source>{what} by {reader}, {when}, after the answer was shown</source>
        <translation>{what} por {reader}, {when}, después de mostrarse la respuesta</translation>
    </message>
    <message>
        <source>{what} by {reader}, {when}, before the answer was shown</source>
        <translation>{what} por {reader}, {when}, antes de mostrarse la respuesta</translation>
    </message>
    <message>
        <source>{event} (taken back by {reader})</source>
        <translation>{event} (retirada por {reader})</translation>
    </message>
    <message>
        <source>{event} (taken back)</source>
        <translation>{event} (retirada)</translation>
    </message>
    <message>
        <source>note &quot;{text}&quot;</source>
        <translation>nota &quot;{text}&quot;</translation>
    </message>
    <message>
        <source>Exclude</source>
        <translation>Excluir</translation>
    </message>
    <message>
        <source>Poor quality</source>
        <translation>Mala calidad</translation>
    </message>
    <message>
        <source>Not sure</source>
        <translation>Dudosa</translation>
    </message>
    <message>
        <source>Flag</source>
        <translation>Señalar</translation>
    </message>
    <message>
        <source>Left out of training unless a reader gives it a label as well</source>
        <translation>Queda fuera del entrenamiento salvo que un lector le dé además una etiqueta</translation>
    </message>
    <message>
        <source>To find it again</source>
        <translation>Para volver a encontrarla</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Etiqueta</translation>
    </message>
    <message>
        <source>{n:,} frames are selected: a key is for all of them.</source>
        <translation>{n:,} imágenes están seleccionadas: una tecla vale para todas.</translation>
    </message>
    <message>
        <source>T    Note ...</source>
        <translation>T    Nota ...</translation>
    </message>
    <message>
        <source>A text beside this frame, for whoever reads it next</source>
        <translation>Un texto junto a esta imagen, para quien la lea después</translation>
    </message>
    <message>
        <source>decided</source>
        <translation>decidido</translation>
    </message>
    <message>
        <source>Nobody has decided yet.</source>
        <translation>Nadie ha decidido todavía.</translation>
    </message>
    <message>
        <source>Label this frame {label} and go on to the next</source>
        <translation>Etiquetar esta imagen como {label} y pasar a la siguiente</translation>
    </message>
    <message>
        <source>Label {label}</source>
        <translation>Etiquetar {label}</translation>
    </message>
    <message>
        <source>not labelled</source>
        <translation>sin etiquetar</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Veredicto</translation>
    </message>
    <message>
        <source>Marked: {marks}</source>
        <translation>Marcada: {marks}</translation>
    </message>
    <message>
        <source>Note: {text}</source>
        <translation>Nota: {text}</translation>
    </message>
    <message>
        <source>Press the key of a class.</source>
        <translation>Pulsar la tecla de una clase.</translation>
    </message>
    <message>
        <source>by its folder; no reader has confirmed it</source>
        <translation>por su carpeta; ningún lector lo ha confirmado</translation>
    </message>
    <message>
        <source>by most of its readers: {readers}</source>
        <translation>por la mayoría de sus lectores: {readers}</translation>
    </message>
    <message>
        <source>by {reader}, {when}</source>
        <translation>por {reader}, {when}</translation>
    </message>
    <message>
        <source>decided by {reader}, {when}</source>
        <translation>decidido por {reader}, {when}</translation>
    </message>
    <message>
        <source>by {reader}, {when}; the model said {answer}</source>
        <translation>por {reader}, {when}; el modelo dijo {answer}</translation>
    </message>
    <message>
        <source>by {reader}, {when}; the model said {answer}, shown afterwards</source>
        <translation>por {reader}, {when}; el modelo dijo {answer}, mostrado después</translation>
    </message>
    <message>
        <source>{n:,} frames left</source>
        <translation>quedan {n:,} imágenes</translation>
    </message>
    <message>
        <source>1 frame left</source>
        <translation>queda 1 imagen</translation>
    </message>
    <message>
        <source>1 label since the last training</source>
        <translation>1 etiqueta desde el último entrenamiento</translation>
    </message>
    <message>
        <source>{n:,} labels since the last training</source>
        <translation>{n:,} etiquetas desde el último entrenamiento</translation>
    </message>
    <message>
        <source>{n:,} labels and more since the last training</source>
        <translation>{n:,} etiquetas y más desde el último entrenamiento</translation>
    </message>
    <message>
        <source>{left}, {since}</source>
        <translation>{left}, {since}</translation>
    </message>
    <message>
        <source>{pace:.0f} frames a minute, {left}</source>
        <translation>{pace:.0f} imágenes por minuto, {left}</translation>
    </message>
    <message>
        <source>Frames that no reader has labelled, set aside or called not sure; pauses do not slow the pace</source>
        <translation>Imágenes que ningún lector ha etiquetado, apartado ni declarado dudosas; las pausas no reducen el ritmo</translation>
    </message>
    <message>
        <source>{n} % - {title}</source>
        <translation>{n} % - {title}</translation>
    </message>
    <message>
        <source>Research use only</source>
        <translation>Solo para investigación</translation>
    </message>
    <message>
        <source>A training is running. Wait until it ends, or stop it first.</source>
        <translation>Hay un entrenamiento en marcha. Espere a que termine o deténgalo antes.</translation>
    </message>
    <message>
        <source>{name}: synthetic demonstration frames</source>
        <translation>{name}: imágenes sintéticas de demostración</translation>
    </message>
    <message>
        <source>Looking whether frames are known</source>
        <translation>Buscando si las imágenes se conocen</translation>
    </message>
    <message>
        <source>{known} Go on with that work? To begin anew leaves it as it is.</source>
        <translation>{known} ¿Seguir con ese trabajo? Si empieza de nuevo, queda como está.</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Seguir</translation>
    </message>
    <message>
        <source>Begin &amp;anew</source>
        <translation>Empezar de &amp;nuevo</translation>
    </message>
    <message>
        <source>Known frames</source>
        <translation>Imágenes conocidas</translation>
    </message>
    <message>
        <source>The folder {folder} is not there: it was renamed or moved, or its drive is not connected. Labels and all other work on it are kept. Say where it is now, and go on.</source>
        <translation>La carpeta {folder} no está: se le cambió el nombre o el lugar, o su unidad no está conectada. Las etiquetas y todo el trabajo se conservan. Indique dónde está ahora y siga.</translation>
    </message>
    <message>
        <source>The folder of frames</source>
        <translation>La carpeta de imágenes</translation>
    </message>
    <message>
        <source>&amp;Locate ...</source>
        <translation>&amp;Buscar ...</translation>
    </message>
    <message>
        <source>Where the frames are now</source>
        <translation>Dónde están ahora las imágenes</translation>
    </message>
    <message>
        <source>This project knows none of the {n:,} frames in {folder}. Take that folder all the same?</source>
        <translation>Este proyecto no conoce ninguna de las {n:,} imágenes de {folder}. ¿Tomar esa carpeta de todos modos?</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>Tomarla</translation>
    </message>
    <message>
        <source>A conclusion could not be saved. Going on loses it.</source>
        <translation>No se pudo guardar una conclusión. Al seguir se pierde.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Seguir</translation>
    </message>
    <message>
        <source>Stopping the training ...</source>
        <translation>Deteniendo el entrenamiento ...</translation>
    </message>
    <message>
        <source>Folder with endoscopic frames, or a project</source>
        <translation>Carpeta con imágenes endoscópicas, o un proyecto</translation>
    </message>
    <message>
        <source>EndoDesk projects ({names})</source>
        <translation>Proyectos de EndoDesk ({names})</translation>
    </message>
    <message>
        <source>Project to open</source>
        <translation>Proyecto por abrir</translation>
    </message>
    <message>
        <source>Open a folder first (Ctrl+O): what its readers said can be exported then.</source>
        <translation>Abra primero una carpeta (Ctrl+O): entonces se puede exportar lo que dijeron sus lectores.</translation>
    </message>
    <message>
        <source>Open a folder first (Ctrl+O): what is imported is said of its frames.</source>
        <translation>Abra primero una carpeta (Ctrl+O): lo que se importa se dice de sus imágenes.</translation>
    </message>
    <message>
        <source>Open a folder first (Ctrl+O): pictures are kept with its work.</source>
        <translation>Abra primero una carpeta (Ctrl+O): las imágenes se guardan con su trabajo.</translation>
    </message>
    <message>
        <source>Open a folder first (Ctrl+O): what readers do is kept with its work.</source>
        <translation>Abra primero una carpeta (Ctrl+O): lo que hacen los lectores se guarda con su trabajo.</translation>
    </message>
    <message>
        <source>Open a folder first (Ctrl+O): its labels are copied then.</source>
        <translation>Abra antes una carpeta (Ctrl+O): entonces se copian sus etiquetas.</translation>
    </message>
    <message>
        <source>Every frame after this one has a reader&apos;s label.</source>
        <translation>Todas las imágenes después de esta tienen la etiqueta de un lector.</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Salir</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Creado</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Receta</translation>
    </message>
    <message>
        <source>Accuracy on its own test frames</source>
        <translation>Exactitud en sus propias imágenes de prueba</translation>
    </message>
    <message>
        <source>Goes on from</source>
        <translation>Continúa</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelos</translation>
    </message>
    <message>
        <source>&amp;Use this model</source>
        <translation>&amp;Usar este modelo</translation>
    </message>
    <message>
        <source>&amp;Add from folder ...</source>
        <translation>&amp;Añadir desde una carpeta ...</translation>
    </message>
    <message>
        <source>&amp;More</source>
        <translation>&amp;Más</translation>
    </message>
    <message>
        <source>M&amp;istakes ...</source>
        <translation>&amp;Errores ...</translation>
    </message>
    <message>
        <source>active</source>
        <translation>activo</translation>
    </message>
    <message>
        <source>{when}  {model} by {reader}: {why}</source>
        <translation>{when}  {model} por {reader}: {why}</translation>
    </message>
    <message>
        <source>Made active:</source>
        <translation>Activado:</translation>
    </message>
    <message>
        <source>Copying {folder} ...</source>
        <translation>Copiando {folder} ...</translation>
    </message>
    <message>
        <source>There is no model in this project yet: Model &gt; Retrain makes one, or add one from a folder.</source>
        <translation>Todavía no hay ningún modelo en este proyecto: Modelo &gt; Reentrenar crea uno, o añadir uno desde una carpeta.</translation>
    </message>
    <message>
        <source>Note: {note}</source>
        <translation>Nota: {note}</translation>
    </message>
    <message>
        <source>Why is it to be used all the same? That goes on record with your name:</source>
        <translation>¿Por qué debe usarse a pesar de todo? Quedará registrado con su nombre:</translation>
    </message>
    <message>
        <source>&amp;Name and note ...</source>
        <translation>&amp;Nombre y nota ...</translation>
    </message>
    <message>
        <source>&amp;Compare with ...</source>
        <translation>&amp;Comparar con ...</translation>
    </message>
    <message>
        <source>&amp;What corrections did ...</source>
        <translation>&amp;Qué hicieron las correcciones ...</translation>
    </message>
    <message>
        <source>&amp;Export for EndoDesk ...</source>
        <translation>&amp;Exportar para EndoDesk ...</translation>
    </message>
    <message>
        <source>Export as &amp;ONNX ...</source>
        <translation>Exportar como &amp;ONNX ...</translation>
    </message>
    <message>
        <source>Export as &amp;TFLite ...</source>
        <translation>Exportar como &amp;TFLite ...</translation>
    </message>
    <message>
        <source>&amp;Delete ...</source>
        <translation>E&amp;liminar ...</translation>
    </message>
    <message>
        <source>&amp;Rule for new models ...</source>
        <translation>&amp;Regla para modelos nuevos ...</translation>
    </message>
    <message>
        <source>Folder to put the model&apos;s folder into</source>
        <translation>Carpeta en la que poner la carpeta del modelo</translation>
    </message>
    <message>
        <source>Written: {folder}. Model &gt; Models &gt; Add from folder takes it in on another PC.</source>
        <translation>Escrito: {folder}. Modelo &gt; Modelos &gt; Añadir desde una carpeta lo incorpora en otro PC.</translation>
    </message>
    <message>
        <source>Written: {folder}. It answers as the model does (greatest difference {difference:.1g}); model.json tells the rest.</source>
        <translation>Escrito: {folder}. Responde como el modelo (mayor diferencia {difference:.1g}); model.json dice lo demás.</translation>
    </message>
    <message>
        <source>Writing {folder} ...</source>
        <translation>Escribiendo {folder} ...</translation>
    </message>
    <message>
        <source>Delete the files of {model} ({mb:.0f} MB)? It cannot be gone back to then, and Ctrl+Z brings nothing back. Its answers, figures, report and the times when it was active stay on record.</source>
        <translation>¿Eliminar los archivos de {model} ({mb:.0f} MB)? Después no se puede volver a él, y Ctrl+Z no lo recupera. Sus respuestas, cifras, informe y las veces que estuvo activo quedan registrados.</translation>
    </message>
    <message>
        <source>Delete a model</source>
        <translation>Eliminar un modelo</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>E&amp;liminar</translation>
    </message>
    <message>
        <source>Deleted; {mb:.0f} MB are free now.</source>
        <translation>Eliminado; ahora hay {mb:.0f} MB libres.</translation>
    </message>
    <message>
        <source>there was no model before</source>
        <translation>antes no había ningún modelo</translation>
    </message>
    <message>
        <source>gone back to</source>
        <translation>se ha vuelto a él</translation>
    </message>
    <message>
        <source>it is the active model already</source>
        <translation>ya es el modelo activo</translation>
    </message>
    <message>
        <source>gone back to, without asking the project&apos;s rule</source>
        <translation>se ha vuelto a él, sin preguntar a la regla del proyecto</translation>
    </message>
    <message>
        <source>passed the project&apos;s rule on the test frames</source>
        <translation>cumple la regla del proyecto en las imágenes de prueba</translation>
    </message>
    <message>
        <source>The active model or the rule has changed meanwhile: look once more. What you wrote is still there.</source>
        <translation>El modelo activo o la regla han cambiado mientras tanto: mirar otra vez. Lo escrito sigue ahí.</translation>
    </message>
    <message>
        <source>chosen in the list of models</source>
        <translation>elegido en la lista de modelos</translation>
    </message>
    <message>
        <source>A model may be worse by 0 to 100 %, not by less or more.</source>
        <translation>Un modelo puede ser peor en 0 a 100 %, ni menos ni más.</translation>
    </message>
    <message>
        <source>The figures do not support this model. Write why it is to be used all the same.</source>
        <translation>Las cifras no respaldan este modelo. Escriba por qué debe usarse a pesar de todo.</translation>
    </message>
    <message>
        <source>Write the reason in words of your own: these are what EndoDesk writes where it asks for none.</source>
        <translation>Escribir el motivo con palabras propias: estas son las que EndoDesk escribe cuando no pide ninguno.</translation>
    </message>
    <message>
        <source>Write the reason in at most {n} letters.</source>
        <translation>Escriba el motivo en {n} letras como máximo.</translation>
    </message>
    <message>
        <source>Folder of a model (with bundle.json)</source>
        <translation>Carpeta de un modelo (con bundle.json)</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Proyecto nuevo</translation>
    </message>
    <message>
        <source>Folder with endoscopic frames</source>
        <translation>Carpeta con imágenes endoscópicas</translation>
    </message>
    <message>
        <source>Folder of frames</source>
        <translation>Carpeta de imágenes</translation>
    </message>
    <message>
        <source>&amp;Browse ...</source>
        <translation>&amp;Examinar ...</translation>
    </message>
    <message>
        <source>Where the project is kept</source>
        <translation>Dónde se guarda el proyecto</translation>
    </message>
    <message>
        <source>In another folder ...</source>
        <translation>En otra carpeta ...</translation>
    </message>
    <message>
        <source>Folder to keep the project in</source>
        <translation>Carpeta en la que se guarda el proyecto</translation>
    </message>
    <message>
        <source>In {folder}</source>
        <translation>En {folder}</translation>
    </message>
    <message>
        <source>Choose the folder that holds the frames, in subfolders or not. Nothing in it is ever changed.</source>
        <translation>Elegir la carpeta que contiene las imágenes, en subcarpetas o no. Nunca se cambia nada en ella.</translation>
    </message>
    <message>
        <source>This folder has been opened before. Its labels stay as they are; the classes below are its own.</source>
        <translation>Esta carpeta ya se ha abierto antes. Sus etiquetas quedan como están; las clases de abajo son las suyas.</translation>
    </message>
    <message>
        <source>{n} subfolders: if they are classes, take their names below.</source>
        <translation>{n} subcarpetas: si son clases, tomar sus nombres abajo.</translation>
    </message>
    <message>
        <source>No subfolders: every frame starts without a label.</source>
        <translation>Sin subcarpetas: todas las imágenes empiezan sin etiqueta.</translation>
    </message>
    <message>
        <source>Beside this frame, for whoever reads it next (empty takes it away):</source>
        <translation>Junto a esta imagen, para quien la lea después (vacío la elimina):</translation>
    </message>
    <message>
        <source>Beside the {n} frames selected, for whoever reads it next (empty takes it away):</source>
        <translation>Junto a las {n} imágenes seleccionadas, para quien las lea después (vacío la elimina):</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message>
        <source>About EndoDesk</source>
        <translation>Acerca de EndoDesk</translation>
    </message>
    <message>
        <source>EndoDesk {version}</source>
        <translation>EndoDesk {version}</translation>
    </message>
    <message>
        <source>A training is being prepared. Leaving stops it; it has learnt nothing yet.</source>
        <translation>Se está preparando un entrenamiento. Si sale, se detiene; todavía no ha aprendido nada.</translation>
    </message>
    <message>
        <source>Stop it and leave</source>
        <translation>Detenerlo y salir</translation>
    </message>
    <message>
        <source>A training is running. It can go on in the background: it is found again when this project is opened the next time. Stopped, it can go on later from its last epoch. The active model stays as it is.</source>
        <translation>Hay un entrenamiento en curso. Puede seguir en segundo plano: se encuentra de nuevo la próxima vez que se abra este proyecto. Si se detiene, puede continuar más tarde desde su última época. El modelo activo queda como está.</translation>
    </message>
    <message>
        <source>&amp;Go on in the background</source>
        <translation>&amp;Seguir en segundo plano</translation>
    </message>
    <message>
        <source>&amp;Stop and resume later</source>
        <translation>&amp;Detener y continuar más tarde</translation>
    </message>
    <message>
        <source>{n:,} frames are selected, and the key is for all of them. Ctrl+Z takes it back.</source>
        <translation>Hay {n:,} imágenes seleccionadas, y la tecla vale para todas. Ctrl+Z lo deshace.</translation>
    </message>
    <message>
        <source>Go on with {n:,} frames</source>
        <translation>Seguir con {n:,} imágenes</translation>
    </message>
    <message>
        <source>Who labels? Each reader has labels of their own. Choose your name, or type it:</source>
        <translation>¿Quién etiqueta? Cada lector tiene sus propias etiquetas. Elija su nombre o escríbalo:</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Centre</source>
        <translation>Centro</translation>
    </message>
    <message>
        <source>Which hospital or device does this frame come from? (Empty: as Data &gt; Check splits says.)</source>
        <translation>¿De qué hospital o aparato viene este fotograma? (Vacío: lo que diga Datos &gt; Comprobar particiones.)</translation>
    </message>
    <message>
        <source>Which hospital or device do the {n:,} frames selected come from? (Empty: as Data &gt; Check splits says.)</source>
        <translation>¿De qué hospital o aparato vienen los {n:,} fotogramas seleccionados? (Vacío: lo que diga Datos &gt; Comprobar particiones.)</translation>
    </message>
    <message>
        <source>Review, correct and retrain a classifier of endoscopic frames, offline.</source>
        <translation>Revisar, corregir y reentrenar un clasificador de imágenes endoscópicas, sin conexión.</translation>
    </message>
    <message>
        <source>Research use only. Not a medical device; not for diagnosis.</source>
        <translation>Solo para investigación. No es un producto sanitario; no apto para diagnóstico.</translation>
    </message>
    <message>
        <source>The model that comes along was trained on Kvasir and HyperKvasir frames, for research and education only.</source>
        <translation>El modelo incluido se entrenó con imágenes de Kvasir y HyperKvasir, solo para investigación y docencia.</translation>
    </message>
    <message>
        <source>This project: {project}
Settings: {settings}
Log: {log}</source>
        <translation>Este proyecto: {project}
Ajustes: {settings}
Registro: {log}</translation>
    </message>
    <message>
        <source>Python {python}, Qt {qt}</source>
        <translation>Python {python}, Qt {qt}</translation>
    </message>
    <message>
        <source>Open re&amp;port</source>
        <translation>Abrir el &amp;informe</translation>
    </message>
    <message>
        <source>Retrain</source>
        <translation>Reentrenar</translation>
    </message>
    <message>
        <source>Stopping ...</source>
        <translation>Deteniendo ...</translation>
    </message>
    <message>
        <source>No further epoch is trained: the best so far is measured and offered. This training cannot be gone on with afterwards.</source>
        <translation>No se entrena ninguna época más: lo mejor hasta ahora se mide y se ofrece. Después este entrenamiento no se puede continuar.</translation>
    </message>
    <message>
        <source>&amp;Stop and keep it</source>
        <translation>&amp;Detener y conservarlo</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Cancelado.</translation>
    </message>
    <message>
        <source>Nothing was changed: the active model is what it was.</source>
        <translation>No se ha cambiado nada: el modelo activo sigue siendo el mismo.</translation>
    </message>
    <message>
        <source>{reason} The active model is what it was.</source>
        <translation>{reason} El modelo activo sigue siendo el mismo.</translation>
    </message>
    <message>
        <source>The training failed.</source>
        <translation>El entrenamiento ha fallado.</translation>
    </message>
    <message>
        <source>Nothing has changed.</source>
        <translation>Nada ha cambiado.</translation>
    </message>
    <message>
        <source>The training came to the very model that is active already.</source>
        <translation>El entrenamiento ha llegado al mismo modelo que ya está activo.</translation>
    </message>
    <message>
        <source>The active model comes from elsewhere: if it was trained on some of these frames, it looks too good.</source>
        <translation>El modelo activo viene de otro lugar: si se entrenó con algunas de estas imágenes, parece mejor de lo que es.</translation>
    </message>
    <message>
        <source>The new model</source>
        <translation>El modelo nuevo</translation>
    </message>
    <message>
        <source>retrained; test figures compared by the reader</source>
        <translation>reentrenado; cifras de prueba comparadas por el lector</translation>
    </message>
    <message>
        <source>The new model cannot be used.</source>
        <translation>El modelo nuevo no se puede usar.</translation>
    </message>
    <message>
        <source>&amp;Use the new model</source>
        <translation>&amp;Usar el modelo nuevo</translation>
    </message>
    <message>
        <source>&amp;Keep the present one</source>
        <translation>&amp;Conservar el actual</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Atrás</translation>
    </message>
    <message>
        <source>Measured on the test frames, which this training kept out of learning and validation.</source>
        <translation>Medido en las imágenes de prueba, que este entrenamiento dejó fuera del aprendizaje y la validación.</translation>
    </message>
    <message>
        <source>The head of {model} was trained on; its backbone is unchanged. If that model had learnt from some of these test frames, the figures are too good.</source>
        <translation>Se siguió entrenando el cabezal de {model}; su red base no cambia. Si ese modelo había aprendido de algunas de estas imágenes de prueba, las cifras son demasiado buenas.</translation>
    </message>
    <message>
        <source>&amp;Not now</source>
        <translation>A&amp;hora no</translation>
    </message>
    <message>
        <source>The new model is ready. Use it?</source>
        <translation>El modelo nuevo está listo. ¿Usarlo?</translation>
    </message>
    <message>
        <source>Accuracy (95 % interval)</source>
        <translation>Exactitud (intervalo del 95 %)</translation>
    </message>
    <message>
        <source>Compared with</source>
        <translation>Comparado con</translation>
    </message>
    <message>
        <source>Why it is to be used all the same</source>
        <translation>Por qué debe usarse a pesar de todo</translation>
    </message>
    <message>
        <source>Why it is to be used all the same (goes on record with your name)</source>
        <translation>Por qué debe usarse a pesar de todo (queda registrado con su nombre)</translation>
    </message>
    <message>
        <source>{n} of {most} letters</source>
        <translation>{n} de {most} letras</translation>
    </message>
    <message>
        <source>no more than {most} letters</source>
        <translation>no más de {most} letras</translation>
    </message>
    <message>
        <source>On a&amp;ll frames ...</source>
        <translation>En t&amp;odas las imágenes ...</translation>
    </message>
    <message>
        <source>On &amp;others ...</source>
        <translation>En &amp;otras ...</translation>
    </message>
    <message>
        <source>The new model beside another one on frames of another hospital, or on all that are labelled</source>
        <translation>El modelo nuevo junto a otro en imágenes de otro hospital, o en todas las etiquetadas</translation>
    </message>
    <message>
        <source>Where the new model answers otherwise than the active one, over the whole project</source>
        <translation>Dónde el modelo nuevo responde de otro modo que el activo, en todo el proyecto</translation>
    </message>
    <message>
        <source>The new model is ready. Nothing says whether it is better.</source>
        <translation>El nuevo modelo está listo. Nada dice si es mejor.</translation>
    </message>
    <message>
        <source>Beside the active model, {name}</source>
        <translation>Junto al modelo activo, {name}</translation>
    </message>
    <message>
        <source>Beside {name}</source>
        <translation>Junto a {name}</translation>
    </message>
    <message>
        <source>The new model alone, on all its test frames</source>
        <translation>El nuevo modelo solo, en todas sus imágenes de prueba</translation>
    </message>
    <message>
        <source>The new model alone, by centre</source>
        <translation>Solo el modelo nuevo, por centro</translation>
    </message>
    <message>
        <source>{n:,} frames of {groups:,} groups</source>
        <translation>{n:,} imágenes de {groups:,} grupos</translation>
    </message>
    <message>
        <source>The other</source>
        <translation>El otro</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Diferencia</translation>
    </message>
    <message>
        <source>Macro F1</source>
        <translation>F1 macro</translation>
    </message>
    <message>
        <source>Recall, {label} (n = {n})</source>
        <translation>Sensibilidad, {label} (n = {n})</translation>
    </message>
    <message>
        <source>Calibration error (ECE)</source>
        <translation>Error de calibración (ECE)</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>Sensibilidad</translation>
    </message>
    <message>
        <source>Macro F1 (its classes)</source>
        <translation>F1 macro (sus clases)</translation>
    </message>
    <message>
        <source>{centre} ({n:,} frames)</source>
        <translation>{centre} ({n:,} fotogramas)</translation>
    </message>
    <message>
        <source>Mean of centres with {n} frames or more</source>
        <translation>Media de los centros con {n} fotogramas o más</translation>
    </message>
    <message>
        <source>Mean of the centres</source>
        <translation>Media de los centros</translation>
    </message>
    <message>
        <source>The worst of each</source>
        <translation>El peor de cada uno</translation>
    </message>
    <message>
        <source>New model</source>
        <translation>Modelo nuevo</translation>
    </message>
    <message>
        <source>Checking the frames</source>
        <translation>Comprobando las imágenes</translation>
    </message>
    <message>
        <source>Starting TensorFlow</source>
        <translation>Iniciando TensorFlow</translation>
    </message>
    <message>
        <source>Preprocessing the frames</source>
        <translation>Preprocesando las imágenes</translation>
    </message>
    <message>
        <source>Training the head (the backbone stays as it is)</source>
        <translation>Entrenando el cabezal (la red base queda como está)</translation>
    </message>
    <message>
        <source>Fine-tuning the network</source>
        <translation>Ajuste fino de la red</translation>
    </message>
    <message>
        <source>Writing the new model</source>
        <translation>Escribiendo el modelo nuevo</translation>
    </message>
    <message>
        <source>Measuring on the test frames</source>
        <translation>Midiendo en las imágenes de prueba</translation>
    </message>
    <message>
        <source>Progress of the training</source>
        <translation>Progreso del entrenamiento</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pausa</translation>
    </message>
    <message>
        <source>The training waits, at its next step, until this is pressed again</source>
        <translation>El entrenamiento espera, en su próximo paso, hasta que esto se pulse de nuevo</translation>
    </message>
    <message>
        <source>&amp;Stop and keep the best so far</source>
        <translation>&amp;Detener y conservar lo mejor hasta ahora</translation>
    </message>
    <message>
        <source>Ending the phase: the best so far is kept</source>
        <translation>Terminando la fase: se conserva lo mejor hasta ahora</translation>
    </message>
    <message>
        <source>{n} %</source>
        <translation>{n} %</translation>
    </message>
    <message>
        <source>Paused: {what}</source>
        <translation>En pausa: {what}</translation>
    </message>
    <message>
        <source>epoch {n} of at most {most}: validation loss {loss:.3f}, accuracy {accuracy:.1f} %</source>
        <translation>época {n} de {most} como máximo: pérdida de validación {loss:.3f}, exactitud {accuracy:.1f} %</translation>
    </message>
    <message>
        <source>at most {time} more</source>
        <translation>como mucho {time} más</translation>
    </message>
    <message>
        <source>Clear stored pictures</source>
        <translation>Borrar imágenes guardadas</translation>
    </message>
    <message>
        <source>C&amp;lear</source>
        <translation>&amp;Borrar</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Cancelar</translation>
    </message>
    <message>
        <source>Of the frames of this project, this PC keeps what is listed here. Labels, models and your images are not touched.</source>
        <translation>De las imágenes de este proyecto, este equipo guarda lo que aparece aquí. Las etiquetas, los modelos y sus imágenes no se tocan.</translation>
    </message>
    <message>
        <source>Cleared: {size}.</source>
        <translation>Borrado: {size}.</translation>
    </message>
    <message>
        <source>Stopped. What was cleared until then is gone.</source>
        <translation>Detenido. Lo que se borró hasta entonces ya no está.</translation>
    </message>
    <message>
        <source>Clearing</source>
        <translation>Borrando</translation>
    </message>
    <message>
        <source>Reading the frames</source>
        <translation>Leyendo las imágenes</translation>
    </message>
    <message>
        <source>... and {n} more.</source>
        <translation>... y {n} más.</translation>
    </message>
    <message>
        <source>{time} so far</source>
        <translation>{time} hasta ahora</translation>
    </message>
    <message>
        <source>Frames of the group</source>
        <translation>Imágenes del grupo</translation>
    </message>
    <message>
        <source>Groups with different labels</source>
        <translation>Grupos con etiquetas distintas</translation>
    </message>
    <message>
        <source>No conflicts: all frames of a group carry one label (n = {n:,} frames).</source>
        <translation>Sin conflictos: todas las imágenes de un grupo llevan una misma etiqueta (n = {n:,} imágenes).</translation>
    </message>
    <message>
        <source>{n:,} group carries different labels; a group stands in one part whatever its labels. Open a frame (double click, or Enter) to give it another one.</source>
        <translation>{n:,} grupo lleva etiquetas distintas; un grupo está en una sola parte sean cuales sean sus etiquetas. Abrir una imagen (doble clic o Intro) para darle otra.</translation>
    </message>
    <message>
        <source>{n:,} groups carry different labels; a group stands in one part whatever its labels. Open a frame (double click, or Enter) to give it another one.</source>
        <translation>{n:,} grupos llevan etiquetas distintas; un grupo está en una sola parte sean cuales sean sus etiquetas. Abrir una imagen (doble clic o Intro) para darle otra.</translation>
    </message>
    <message>
        <source>&amp;Parts</source>
        <translation>&amp;Partes</translation>
    </message>
    <message>
        <source>La&amp;bel conflicts</source>
        <translation>Conflictos de &amp;etiquetas</translation>
    </message>
    <message>
        <source>Near &amp;duplicates</source>
        <translation>Casi &amp;duplicadas</translation>
    </message>
    <message>
        <source>Lea&amp;ks</source>
        <translation>&amp;Fugas</translation>
    </message>
    <message>
        <source>Checking the split</source>
        <translation>Comprobando la partición</translation>
    </message>
    <message>
        <source>Looking for leaks</source>
        <translation>Buscando fugas</translation>
    </message>
    <message>
        <source>Check splits</source>
        <translation>Comprobar particiones</translation>
    </message>
    <message>
        <source>Pairs of near duplicates</source>
        <translation>Pares de casi duplicadas</translation>
    </message>
    <message>
        <source>{frame} is open in the main window.</source>
        <translation>{frame} está abierta en la ventana principal.</translation>
    </message>
    <message>
        <source>1 pair differs in at most {bits} bits: each pair is in one group (n = {n:,} frames). {more:,} more follow, of up to {most} bits or joined by a reader: say which of them belong together.</source>
        <translation>1 par difiere en {bits} bits como máximo: cada par está en un mismo grupo (n = {n:,} imágenes). Siguen {more:,} más, de hasta {most} bits o unidos por un lector: decir cuáles van juntos.</translation>
    </message>
    <message>
        <source>{near:,} pairs differ in at most {bits} bits: each pair is in one group (n = {n:,} frames). {more:,} more follow, of up to {most} bits or joined by a reader: say which of them belong together.</source>
        <translation>{near:,} pares difieren en {bits} bits como máximo: cada par está en un mismo grupo (n = {n:,} imágenes). Siguen {more:,} más, de hasta {most} bits o unidos por un lector: decir cuáles van juntos.</translation>
    </message>
    <message>
        <source>These are the closest; there are more.</source>
        <translation>Estos son los más cercanos; hay más.</translation>
    </message>
    <message>
        <source>the first below the class</source>
        <translation>la primera bajo la clase</translation>
    </message>
    <message>
        <source>the one it lies in</source>
        <translation>aquella en la que está</translation>
    </message>
    <message>
        <source>its folder</source>
        <translation>su carpeta</translation>
    </message>
    <message>
        <source>not used</source>
        <translation>no se usa</translation>
    </message>
    <message>
        <source>a pattern in its path</source>
        <translation>un patrón en su ruta</translation>
    </message>
    <message>
        <source>the folder above the class</source>
        <translation>la carpeta por encima de la clase</translation>
    </message>
    <message>
        <source>the first folder below the class</source>
        <translation>la primera carpeta por debajo de la clase</translation>
    </message>
    <message>
        <source>manufacturer and station of DICOM files</source>
        <translation>fabricante y estación de los archivos DICOM</translation>
    </message>
    <message>
        <source> of 64 bits</source>
        <translation> de 64 bits</translation>
    </message>
    <message>
        <source>Near duplicates differ in at most so many of 64 bits</source>
        <translation>Las casi duplicadas difieren como máximo en este número de 64 bits</translation>
    </message>
    <message>
        <source>Which of its folders is the case</source>
        <translation>Cuál de sus carpetas es el caso</translation>
    </message>
    <message>
        <source>Of class/patient/series: the patient, or the series.</source>
        <translation>De clase/paciente/serie: el paciente o la serie.</translation>
    </message>
    <message>
        <source>such as {pattern}</source>
        <translation>por ejemplo {pattern}</translation>
    </message>
    <message>
        <source>Pattern whose first group is the case</source>
        <translation>Patrón cuyo primer grupo es el caso</translation>
    </message>
    <message>
        <source>A regular expression looked for in each frame&apos;s path: its first group, or all that it fits, is the case.</source>
        <translation>Una expresión regular que se busca en la ruta de cada imagen: su primer grupo, o todo lo que abarca, es el caso.</translation>
    </message>
    <message>
        <source>The hospital or device that a frame comes from: trainings warn of what it may teach, figures are told by it.</source>
        <translation>El hospital o aparato del que viene un fotograma: los entrenamientos avisan de lo que puede enseñar, y las cifras se dan también por él.</translation>
    </message>
    <message>
        <source>Pattern whose first group is the centre</source>
        <translation>Patrón cuyo primer grupo es el centro</translation>
    </message>
    <message>
        <source>A regular expression looked for in each frame&apos;s path: its first group, or all that it fits, is the centre.</source>
        <translation>Una expresión regular que se busca en la ruta de cada fotograma: su primer grupo, o todo lo que encaja, es el centro.</translation>
    </message>
    <message>
        <source>&amp;Near duplicates differ in at most</source>
        <translation>Las &amp;casi duplicadas difieren como máximo en</translation>
    </message>
    <message>
        <source>A &amp;case is</source>
        <translation>Un ca&amp;so es</translation>
    </message>
    <message>
        <source>A c&amp;entre is</source>
        <translation>Un c&amp;entro es</translation>
    </message>
    <message>
        <source>Write the pattern of a case, such as {pattern}.</source>
        <translation>Escribir el patrón de un caso, por ejemplo {pattern}.</translation>
    </message>
    <message>
        <source>Write the pattern of a centre, such as {pattern}.</source>
        <translation>Escriba el patrón de un centro, como {pattern}.</translation>
    </message>
    <message>
        <source>Co&amp;mpare by what the model sees</source>
        <translation>Co&amp;mparar por lo que ve el modelo</translation>
    </message>
    <message>
        <source>Canc&amp;el</source>
        <translation>Cance&amp;lar</translation>
    </message>
    <message>
        <source>Pairs of frames in different parts</source>
        <translation>Pares de imágenes en partes distintas</translation>
    </message>
    <message>
        <source>Looking at the frames</source>
        <translation>Mirando las imágenes</translation>
    </message>
    <message>
        <source>{n:,} pair stands in different parts and looks alike, the closest first ({how}). Say which belong together: their groups then move into one part, and the page Near duplicates takes them apart again.</source>
        <translation>{n:,} par está en partes distintas y se parece, primero el más cercano ({how}). Decir cuáles van juntos: sus grupos pasan entonces a una sola parte, y la página Casi duplicadas los vuelve a separar.</translation>
    </message>
    <message>
        <source>{n:,} pairs stand in different parts and look alike, the closest first ({how}). Say which belong together: their groups then move into one part, and the page Near duplicates takes them apart again.</source>
        <translation>{n:,} pares están en partes distintas y se parecen, primero los más cercanos ({how}). Decir cuáles van juntos: sus grupos pasan entonces a una sola parte, y la página Casi duplicadas los vuelve a separar.</translation>
    </message>
    <message>
        <source>No leaks: a group stands in one part, so no two frames within {bits} bits can be in different parts (n = {n:,} frames).</source>
        <translation>Sin fugas: un grupo está en una sola parte, así que dos imágenes a {bits} bits o menos no pueden estar en partes distintas (n = {n:,} imágenes).</translation>
    </message>
    <message>
        <source>Nor do any two look alike to the model ({how}).</source>
        <translation>Tampoco hay dos que le parezcan iguales al modelo ({how}).</translation>
    </message>
    <message>
        <source>Frames that look alike to the model although their hashes differ are found by comparing what it sees.</source>
        <translation>Las imágenes que al modelo le parecen iguales aunque sus hashes difieran se encuentran comparando lo que ve.</translation>
    </message>
    <message>
        <source>n = {n:,} frames, by their hashes</source>
        <translation>n = {n:,} imágenes, por sus hashes</translation>
    </message>
    <message>
        <source>{measured:,} of n = {n:,} frames compared by what the model sees; to it, frames at distance 0 are the same</source>
        <translation>{measured:,} de n = {n:,} imágenes comparadas por lo que ve el modelo; para él, las imágenes a distancia 0 son la misma</translation>
    </message>
    <message>
        <source>train</source>
        <translation>entrenamiento</translation>
    </message>
    <message>
        <source>test</source>
        <translation>prueba</translation>
    </message>
    <message>
        <source>{left} and {right}</source>
        <translation>{left} y {right}</translation>
    </message>
    <message>
        <source>equal hashes</source>
        <translation>hashes iguales</translation>
    </message>
    <message>
        <source>1 bit</source>
        <translation>1 bit</translation>
    </message>
    <message>
        <source>{n} bits</source>
        <translation>{n} bits</translation>
    </message>
    <message>
        <source>{bits}, distance {distance:.3f}</source>
        <translation>{bits}, distancia {distance:.3f}</translation>
    </message>
    <message>
        <source>joined by {reader}</source>
        <translation>unidas por {reader}</translation>
    </message>
    <message>
        <source>apart</source>
        <translation>separadas</translation>
    </message>
    <message>
        <source>one group</source>
        <translation>un grupo</translation>
    </message>
    <message>
        <source>one group, by case or by other frames</source>
        <translation>un grupo, por el caso o por otras imágenes</translation>
    </message>
    <message>
        <source>by its folder</source>
        <translation>por su carpeta</translation>
    </message>
    <message>
        <source>{n} files of equal content: {counts}
left out of every run until a reader labels one</source>
        <translation>{n} archivos de igual contenido: {counts}
fuera de todo entrenamiento hasta que un lector etiquete uno</translation>
    </message>
    <message>
        <source>{n} frames: {counts}
{parts}</source>
        <translation>{n} imágenes: {counts}
{parts}</translation>
    </message>
    <message>
        <source>in {parts}</source>
        <translation>en {parts}</translation>
    </message>
    <message>
        <source>These belong &amp;together</source>
        <translation>Estas van &amp;juntas</translation>
    </message>
    <message>
        <source>Take &amp;apart</source>
        <translation>&amp;Separar</translation>
    </message>
    <message>
        <source>Pre&amp;vious</source>
        <translation>A&amp;nterior</translation>
    </message>
    <message>
        <source>Ne&amp;xt</source>
        <translation>Sig&amp;uiente</translation>
    </message>
    <message>
        <source>Make one group of their two: both then stand in one part</source>
        <translation>Hacer un solo grupo de los dos: ambas están entonces en una sola parte</translation>
    </message>
    <message>
        <source>Only what a reader joined; to divide other groups choose fewer bits, or other cases</source>
        <translation>Solo lo que unió un lector; para dividir otros grupos elegir menos bits u otros casos</translation>
    </message>
    <message>
        <source>{n:,} of {total:,}</source>
        <translation>{n:,} de {total:,}</translation>
    </message>
    <message>
        <source>two groups: {bits} bits are more than {most}</source>
        <translation>dos grupos: {bits} bits son más que {most}</translation>
    </message>
    <message>
        <source>two groups</source>
        <translation>dos grupos</translation>
    </message>
    <message>
        <source>one group: joined by {reader} on {when}</source>
        <translation>un grupo: unidas por {reader} el {when}</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Entrenamiento</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>Validación</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Prueba</translation>
    </message>
    <message>
        <source>{side}: {label}</source>
        <translation>{side}: {label}</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Total</translation>
    </message>
    <message>
        <source>Matrix of what is said</source>
        <translation>Matriz de lo que se dice</translation>
    </message>
    <message>
        <source>This project has no active model. {known}</source>
        <translation>Este proyecto no tiene modelo activo. {known}</translation>
    </message>
    <message>
        <source>This EndoDesk came without a starter model.</source>
        <translation>Este EndoDesk vino sin modelo inicial.</translation>
    </message>
    <message>
        <source>{word} means several models. {known}</source>
        <translation>{word} designa varios modelos. {known}</translation>
    </message>
    <message>
        <source>There is no model {word} here. {known}</source>
        <translation>Aquí no hay ningún modelo {word}. {known}</translation>
    </message>
    <message>
        <source>{objections} To use it all the same, say why: endodesk use PLACE {model} --why TEXT</source>
        <translation>{objections} Para usarlo de todos modos, diga por qué: endodesk use PLACE {model} --why TEXT</translation>
    </message>
    <message>
        <source>Name one of these by its id, the beginning of that, or its name: {models}; or active, starter, or a bundle&apos;s folder.</source>
        <translation>Nombre uno de estos por su identificador, el comienzo de este o su nombre: {models}; o active, starter o la carpeta de un modelo.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>ninguna</translation>
    </message>
    <message>
        <source>{frames:,} in 1 group</source>
        <translation>{frames:,} en 1 grupo</translation>
    </message>
    <message>
        <source>{frames:,} in {groups:,} groups</source>
        <translation>{frames:,} en {groups:,} grupos</translation>
    </message>
    <message>
        <source>Frames by class and part</source>
        <translation>Imágenes por clase y parte</translation>
    </message>
    <message>
        <source>The frames are being read, each one once; then their groups and parts appear here.</source>
        <translation>Las imágenes se están leyendo, cada una una sola vez; después aparecen aquí sus grupos y partes.</translation>
    </message>
    <message>
        <source>The next training of all classes would have n = {n:,} different frames in {groups:,} groups. Near duplicates, frames of one case and frames that a reader joined are one group; a group stands in one part.</source>
        <translation>El próximo entrenamiento con todas las clases tendría n = {n:,} imágenes distintas en {groups:,} grupos. Las casi duplicadas, las imágenes de un mismo caso y las que unió un lector son un grupo; un grupo está en una sola parte.</translation>
    </message>
    <message>
        <source>{n:,} of them were in an earlier run: their part stands, and their group follows.</source>
        <translation>{n:,} de ellas estaban en un entrenamiento anterior: su parte se mantiene y su grupo las sigue.</translation>
    </message>
    <message>
        <source>No frame is bound by an earlier run yet: the first one will settle the parts.</source>
        <translation>Ninguna imagen está ligada todavía a un entrenamiento anterior: el primero fijará las partes.</translation>
    </message>
    <message>
        <source>{n:,} left its part with its group, so an older model may know it.</source>
        <translation>{n:,} dejó su parte con su grupo, así que un modelo anterior puede conocerla.</translation>
    </message>
    <message>
        <source>{n:,} left their part with their group, so an older model may know them.</source>
        <translation>{n:,} dejaron su parte con su grupo, así que un modelo anterior puede conocerlas.</translation>
    </message>
    <message>
        <source>Left frame</source>
        <translation>Imagen izquierda</translation>
    </message>
    <message>
        <source>Right frame</source>
        <translation>Imagen derecha</translation>
    </message>
    <message>
        <source>Open the &amp;left frame</source>
        <translation>Abrir la imagen i&amp;zquierda</translation>
    </message>
    <message>
        <source>Open the &amp;right frame</source>
        <translation>Abrir la imagen de&amp;recha</translation>
    </message>
    <message>
        <source>In the main window, to look at it or to give it another label</source>
        <translation>En la ventana principal, para mirarla o para darle otra etiqueta</translation>
    </message>
    <message>
        <source>Open a folder</source>
        <translation>Abrir una carpeta</translation>
    </message>
    <message>
        <source>File &gt; Open folder (Ctrl+O), or drop one onto the window. Subfolders may be classes or cases. Your images are only ever read; what you do is kept apart from them.</source>
        <translation>Archivo &gt; Abrir carpeta (Ctrl+O), o soltar una sobre la ventana. Las subcarpetas pueden ser clases o casos. Las imágenes solo se leen; lo que se hace se guarda aparte de ellas.</translation>
    </message>
    <message>
        <source>See what the model sees</source>
        <translation>Ver lo que ve el modelo</translation>
    </message>
    <message>
        <source>The frame stands in the middle: the wheel zooms, dragging moves it. Below it are the steps of preprocessing: the lit field, the ScopeGuide box, text, the crop. A click enlarges a step.</source>
        <translation>La imagen está en el centro: la rueda amplía, arrastrar la mueve. Debajo están los pasos del preprocesamiento: el campo iluminado, el recuadro de ScopeGuide, el texto, el recorte. Un clic amplía un paso.</translation>
    </message>
    <message>
        <source>The answer and its heat map</source>
        <translation>La respuesta y su mapa de calor</translation>
    </message>
    <message>
        <source>On the right is the model&apos;s answer. H lays a heat map over the frame: which parts speak for the class. View &gt; Blind first hides the answer until you have given your own label.</source>
        <translation>A la derecha está la respuesta del modelo. H pone un mapa de calor sobre la imagen: qué partes hablan a favor de la clase. Ver &gt; Primero a ciegas oculta la respuesta hasta que se ha dado la etiqueta propia.</translation>
    </message>
    <message>
        <source>Label by key</source>
        <translation>Etiquetar con teclas</translation>
    </message>
    <message>
        <source>One key a class labels the frame and goes on to the next. Each label is on disk before the next frame shows; Ctrl+Z takes it back, tomorrow too. ? shows all keys.</source>
        <translation>Una tecla por clase etiqueta la imagen y pasa a la siguiente. Cada etiqueta está en el disco antes de que aparezca la imagen siguiente; Ctrl+Z la retira, también mañana. ? muestra todas las teclas.</translation>
    </message>
    <message>
        <source>Retrain on your labels</source>
        <translation>Reentrenar con las etiquetas propias</translation>
    </message>
    <message>
        <source>Model &gt; Retrain (Ctrl+R) trains on the labels as they are now and puts the new model beside the old one before you decide. Research use only: not for diagnosis.</source>
        <translation>Modelo &gt; Reentrenar (Ctrl+R) entrena con las etiquetas tal como están ahora y pone el modelo nuevo junto al anterior antes de decidir. Solo para investigación: no apto para diagnóstico.</translation>
    </message>
    <message>
        <source>EndoDesk in five cards</source>
        <translation>EndoDesk en cinco tarjetas</translation>
    </message>
    <message>
        <source>&amp;Skip the tour</source>
        <translation>&amp;Omitir el recorrido</translation>
    </message>
    <message>
        <source>&amp;Begin</source>
        <translation>&amp;Empezar</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>&amp;Siguiente</translation>
    </message>
    <message>
        <source>{number} of {cards}</source>
        <translation>{number} de {cards}</translation>
    </message>
    <message>
        <source>Everything that runs, with what is left of it; here it can be cancelled</source>
        <translation>Todo lo que está en marcha, con lo que falta; aquí se puede cancelar</translation>
    </message>
    <message>
        <source>Answers of the model</source>
        <translation>Respuestas del modelo</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Entrenamiento</translation>
    </message>
    <message>
        <source>{job} and {n} more</source>
        <translation>{job} y {n} más</translation>
    </message>
    <message>
        <source>What runs</source>
        <translation>En marcha</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Cancel: {job}</source>
        <translation>Cancelar: {job}</translation>
    </message>
    <message>
        <source>{job} {percent} %</source>
        <translation>{job} {percent} %</translation>
    </message>
    <message>
        <source>{n} s left</source>
        <translation>faltan {n} s</translation>
    </message>
    <message>
        <source>{n} min left</source>
        <translation>faltan {n} min</translation>
    </message>
    <message>
        <source>The outline was not saved. {reason}</source>
        <translation>El contorno no se guardó. {reason}</translation>
    </message>
    <message>
        <source>The model is asked again about {n} frames of this size.</source>
        <translation>Se pregunta de nuevo al modelo por {n} imágenes de este tamaño.</translation>
    </message>
    <message>
        <source>Knobs</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Move a knob and see what it would do to this frame. Nothing is kept, and the model&apos;s answer does not change: it follows the model&apos;s own recipe.</source>
        <translation>Mueva un ajuste y vea qué haría con esta imagen. No se guarda nada y la respuesta del modelo no cambia: sigue la receta propia del modelo.</translation>
    </message>
    <message>
        <source>Back to defaults</source>
        <translation>Volver a los valores iniciales</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>{number}  {title}</source>
        <translation>{number}  {title}</translation>
    </message>
    <message>
        <source>{step}: {knob}</source>
        <translation>{step}: {knob}</translation>
    </message>
    <message>
        <source>Shape of the outline</source>
        <translation>Forma del contorno</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Guardar</translation>
    </message>
    <message>
        <source>Use this outline for this frame (Enter)</source>
        <translation>Usar este contorno en esta imagen (Intro)</translation>
    </message>
    <message>
        <source>There is none</source>
        <translation>No hay</translation>
    </message>
    <message>
        <source>Nothing is to be looked for in this frame (Delete)</source>
        <translation>No se busca nada en esta imagen (Supr)</translation>
    </message>
    <message>
        <source>Back to automatic</source>
        <translation>Volver a automático</translation>
    </message>
    <message>
        <source>Let the program look for it again</source>
        <translation>Dejar que el programa lo busque de nuevo</translation>
    </message>
    <message>
        <source>Frames of one size mostly come from one device; you are asked first</source>
        <translation>Las imágenes de un tamaño suelen venir de un mismo equipo; antes se pregunta</translation>
    </message>
    <message>
        <source>Those frames go back to what the program finds in each</source>
        <translation>Esas imágenes vuelven a lo que el programa encuentra en cada una</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>Salir</translation>
    </message>
    <message>
        <source>Change nothing (Esc)</source>
        <translation>No cambiar nada (Esc)</translation>
    </message>
    <message>
        <source>{part}: drag the outline and its handles</source>
        <translation>{part}: arrastre el contorno y sus tiradores</translation>
    </message>
    <message>
        <source>Drawing by hand: {part}</source>
        <translation>Dibujo a mano: {part}</translation>
    </message>
    <message>
        <source>Use on all frames of {width} x {height} ...</source>
        <translation>Usar en todas las imágenes de {width} x {height} ...</translation>
    </message>
    <message>
        <source>End the rule for {width} x {height}</source>
        <translation>Terminar la regla para {width} x {height}</translation>
    </message>
    <message>
        <source>ScopeGuide box</source>
        <translation>Caja de ScopeGuide</translation>
    </message>
    <message>
        <source>Field of view</source>
        <translation>Campo visual</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>Rectángulo</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>Elipse</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polígono</translation>
    </message>
    <message>
        <source>Arrows move, Shift and arrows resize, Ctrl with them in large steps; Enter keeps, Delete: there is none, Esc leaves.</source>
        <translation>Las flechas mueven; Mayús y flechas cambian el tamaño; con Ctrl, a pasos grandes. Intro guarda, Supr: no hay, Esc sale.</translation>
    </message>
    <message>
        <source>{part}: there is none</source>
        <translation>{part}: no hay</translation>
    </message>
    <message>
        <source>{part}: as the program finds it</source>
        <translation>{part}: como lo encuentra el programa</translation>
    </message>
    <message>
        <source>Wait until the frame is shown, then draw on it.</source>
        <translation>Espere a que se muestre la imagen y dibuje sobre ella.</translation>
    </message>
    <message>
        <source>{part}: drawn by hand</source>
        <translation>{part}: dibujado a mano</translation>
    </message>
    <message>
        <source>{part}: use this outline on all {number} frames of {width} x {height} pixels in this folder, and on those that come later?

EndoDesk takes frames of one size to be of one device. Frames that were drawn on themselves keep their own outline. The model is asked about the others again. Ctrl+Z takes it back.</source>
        <translation>{part}: ¿usar este contorno en las {number} imágenes de {width} x {height} píxeles de esta carpeta y en las que vengan después?

EndoDesk supone que las imágenes de un mismo tamaño son de un mismo equipo. Las que tienen un contorno propio lo conservan. Se pregunta de nuevo al modelo por las demás. Ctrl+Z lo deshace.</translation>
    </message>
    <message>
        <source>All frames of a size</source>
        <translation>Todas las imágenes de un tamaño</translation>
    </message>
    <message>
        <source>Use on all</source>
        <translation>Usar en todas</translation>
    </message>
    <message>
        <source>{part}: drawn by hand for all frames of this size</source>
        <translation>{part}: dibujado a mano para todas las imágenes de este tamaño</translation>
    </message>
    <message>
        <source>{part}: the rule for this size has ended</source>
        <translation>{part}: la regla para este tamaño ha terminado</translation>
    </message>
    <message>
        <source>Enlarge this step</source>
        <translation>Ampliar este paso</translation>
    </message>
    <message>
        <source>Correct this by hand</source>
        <translation>Corregir esto a mano</translation>
    </message>
    <message>
        <source>by hand ({reader}): {told}</source>
        <translation>a mano ({reader}): {told}</translation>
    </message>
    <message>
        <source>Step {number}, {title}: {told}</source>
        <translation>Paso {number}, {title}: {told}</translation>
    </message>
    <message>
        <source>{told}; {ms}</source>
        <translation>{told}; {ms}</translation>
    </message>
    <message>
        <source>Correct by hand: {title}</source>
        <translation>Corregir a mano: {title}</translation>
    </message>
    <message>
        <source>{w} x {h}</source>
        <translation>{w} x {h}</translation>
    </message>
    <message>
        <source>at {x}, {y}</source>
        <translation>en {x}, {y}</translation>
    </message>
    <message>
        <source>{percent} % of the frame</source>
        <translation>{percent} % de la imagen</translation>
    </message>
    <message>
        <source>{n} pixels</source>
        <translation>{n} píxeles</translation>
    </message>
    <message>
        <source>none found</source>
        <translation>no se encontró</translation>
    </message>
    <message>
        <source>there is none</source>
        <translation>no hay</translation>
    </message>
    <message>
        <source>left whole</source>
        <translation>sin recortar</translation>
    </message>
    <message>
        <source>what a model sees</source>
        <translation>lo que ve el modelo</translation>
    </message>
    <message>
        <source>{ms} ms</source>
        <translation>{ms} ms</translation>
    </message>
    <message>
        <source>Recipe shown</source>
        <translation>Receta mostrada</translation>
    </message>
    <message>
        <source>Knobs ...</source>
        <translation>Ajustes ...</translation>
    </message>
    <message>
        <source>Try other values of this recipe on this frame</source>
        <translation>Probar otros valores de esta receta en esta imagen</translation>
    </message>
    <message>
        <source>Preprocessing</source>
        <translation>Preprocesamiento</translation>
    </message>
    <message>
        <source>the model&apos;s: {recipe}</source>
        <translation>la del modelo: {recipe}</translation>
    </message>
    <message>
        <source>clean (no model yet)</source>
        <translation>clean (aún sin modelo)</translation>
    </message>
    <message>
        <source>Other knobs are tried: the answer does not follow them.</source>
        <translation>Se prueban otros ajustes: la respuesta no los sigue.</translation>
    </message>
    <message>
        <source>Crop</source>
        <translation>Recorte</translation>
    </message>
    <message>
        <source>224 x 224</source>
        <translation>224 x 224</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texto</translation>
    </message>
    <message>
        <source>Lit above (lightness)</source>
        <translation>Iluminado desde (luminosidad)</translation>
    </message>
    <message>
        <source>Specks dropped up to (pixels)</source>
        <translation>Motas descartadas hasta (píxeles)</translation>
    </message>
    <message>
        <source>Left whole from this share of the frame</source>
        <translation>Sin recortar desde esta parte de la imagen</translation>
    </message>
    <message>
        <source>Margin around the field (pixels)</source>
        <translation>Margen alrededor del campo (píxeles)</translation>
    </message>
    <message>
        <source>Green: lowest hue</source>
        <translation>Verde: tono mínimo</translation>
    </message>
    <message>
        <source>Green: highest hue</source>
        <translation>Verde: tono máximo</translation>
    </message>
    <message>
        <source>Green: least saturation</source>
        <translation>Verde: saturación mínima</translation>
    </message>
    <message>
        <source>Green: least brightness</source>
        <translation>Verde: brillo mínimo</translation>
    </message>
    <message>
        <source>Gaps closed up to (pixels)</source>
        <translation>Huecos cerrados hasta (píxeles)</translation>
    </message>
    <message>
        <source>Side in pixels</source>
        <translation>Lado en píxeles</translation>
    </message>
    <message>
        <source>Smallest box (share of the field)</source>
        <translation>Caja mínima (parte del campo)</translation>
    </message>
    <message>
        <source>Lit above (brightness)</source>
        <translation>Iluminado desde (brillo)</translation>
    </message>
    <message>
        <source>Least contrast of writing</source>
        <translation>Contraste mínimo de la escritura</translation>
    </message>
    <message>
        <source>Overhang (share of the longer side)</source>
        <translation>Voladizo (parte del lado mayor)</translation>
    </message>
    <message>
        <source>Recommended</source>
        <translation>Recomendado</translation>
    </message>
    <message>
        <source>Clean crops, even classes, colours exchanged; the head first, then the top of the network. Minutes.</source>
        <translation>Recortes limpios, clases equilibradas, colores intercambiados; primero el cabezal y luego la parte alta de la red. Minutos.</translation>
    </message>
    <message>
        <source>Head only</source>
        <translation>Solo el cabezal</translation>
    </message>
    <message>
        <source>Quick update</source>
        <translation>Actualización rápida</translation>
    </message>
    <message>
        <source>The last layers of the active model learn on from your labels; what it sees stays. Seconds: for a first look at what they do.</source>
        <translation>Las últimas capas del modelo activo siguen aprendiendo de sus etiquetas; lo que ve no cambia. Segundos: para una primera impresión de lo que hacen.</translation>
    </message>
    <message>
        <source>The network stays as ImageNet made it, only the last layers learn, from nothing. A minute or so.</source>
        <translation>La red queda como la hizo ImageNet; solo las últimas capas aprenden, desde cero. Un minuto, más o menos.</translation>
    </message>
    <message>
        <source>Published</source>
        <translation>Publicado</translation>
    </message>
    <message>
        <source>The paper&apos;s set-up to the letter. The slowest by far.</source>
        <translation>La configuración del artículo al pie de la letra. Con mucho, la más lenta.</translation>
    </message>
    <message>
        <source>Labelled frames</source>
        <translation>Imágenes etiquetadas</translation>
    </message>
    <message>
        <source>of these by a reader</source>
        <translation>de ellas, por un lector</translation>
    </message>
    <message>
        <source>&amp;Leave them out</source>
        <translation>&amp;Dejarlas fuera</translation>
    </message>
    <message>
        <source>Start &amp;training</source>
        <translation>Empezar el &amp;entrenamiento</translation>
    </message>
    <message>
        <source>&amp;Go on with it</source>
        <translation>&amp;Continuarlo</translation>
    </message>
    <message>
        <source>&amp;Set-up</source>
        <translation>&amp;Configuración</translation>
    </message>
    <message>
        <source>What the new model will learn from</source>
        <translation>De qué aprenderá el nuevo modelo</translation>
    </message>
    <message>
        <source>Each frame counts with its latest label: the reader&apos;s, else its class folder&apos;s. Untick a class to leave its frames out.</source>
        <translation>Cada imagen cuenta con su última etiqueta: la del lector o, si no, la de su carpeta de clase. Desmarque una clase para dejar fuera sus imágenes.</translation>
    </message>
    <message>
        <source>Labels that belong to no class: {n:,}. Say above what they mean, or leave them out.</source>
        <translation>Etiquetas que no son de ninguna clase: {n:,}. Diga arriba qué significan, o déjelas fuera.</translation>
    </message>
    <message>
        <source>The training of {name} was interrupted. It can go on from its last epoch, with the labels as they were then.</source>
        <translation>El entrenamiento de {name} se interrumpió. Puede continuar desde su última época, con las etiquetas como estaban entonces.</translation>
    </message>
    <message>
        <source>Your reading list is shown, and a training learns from what holds of all readers. Choose another order of the frames.</source>
        <translation>Se muestra su lista de lectura, y un entrenamiento aprende de lo que rige de todos los lectores. Elija otro orden de las imágenes.</translation>
    </message>
    <message>
        <source>You see your own labels alone, and a training learns from what holds of all readers. Turn View &gt; Only my own labels off.</source>
        <translation>Solo ve sus propias etiquetas, y un entrenamiento aprende de lo que vale de todos los lectores. Desactive Ver &gt; Solo mis propias etiquetas.</translation>
    </message>
    <message>
        <source>Tick at least two classes that have frames: label some of each first.</source>
        <translation>Marque al menos dos clases que tengan imágenes: etiquete antes algunas de cada una.</translation>
    </message>
    <message>
        <source>{name} has {n} labelled frames; it takes at least 3 (train, validation, test). Label more, or untick it.</source>
        <translation>{name} tiene {n} imágenes etiquetadas; hacen falta al menos 3 (entrenamiento, validación, prueba). Etiquete más o desmárquela.</translation>
    </message>
    <message>
        <source>The other set-ups need a processor with AVX, which this computer&apos;s lacks: train on another one.</source>
        <translation>Las demás configuraciones necesitan un procesador con AVX, que a este ordenador le falta: entrene en otro.</translation>
    </message>
    <message>
        <source>The other set-ups need TensorFlow, which this edition goes without. Install EndoDesk Full in its place (on Linux the package endodesk-full): your projects stay as they are.</source>
        <translation>Las demás configuraciones necesitan TensorFlow, que esta edición no incluye. Instale EndoDesk Full en su lugar (en Linux, el paquete endodesk-full): sus proyectos quedan como están.</translation>
    </message>
    <message>
        <source>{n} excluded</source>
        <translation>{n} excluidas</translation>
    </message>
    <message>
        <source>{n} of poor quality</source>
        <translation>{n} de mala calidad</translation>
    </message>
    <message>
        <source>{n} not sure and without a reader&apos;s label</source>
        <translation>{n} dudosas y sin etiqueta de un lector</translation>
    </message>
    <message>
        <source>Left out: {frames}.</source>
        <translation>Quedan fuera: {frames}.</translation>
    </message>
    <message>
        <source>Near duplicates (hashes that differ in at most {n} of 64 bits)</source>
        <translation>Los casi duplicados (hashes que difieren en {n} de 64 bits como máximo)</translation>
    </message>
    <message>
        <source>frames that the pattern {pattern} makes one case</source>
        <translation>las imágenes que el patrón {pattern} reúne en un caso</translation>
    </message>
    <message>
        <source>frames of one case folder</source>
        <translation>las imágenes de una misma carpeta de caso</translation>
    </message>
    <message>
        <source>Frames with equal hashes</source>
        <translation>Las imágenes con hashes iguales</translation>
    </message>
    <message>
        <source>{frames} stay in one part: Data &gt; Check splits changes that. A frame once used for testing stays in the test part.</source>
        <translation>{frames} quedan en una misma parte: Datos &gt; Comprobar particiones lo cambia. Una imagen usada una vez para prueba sigue en la parte de prueba.</translation>
    </message>
    <message>
        <source>The class folders lie in other folders, such as {known} in {folder}. If those are hospitals, say so under Data &gt; Check splits: a centre is the folder above the class. Then the class folders give their frames a class.</source>
        <translation>Las carpetas de clase están dentro de otras carpetas, como {known} en {folder}. Si estas son hospitales, dígalo en Datos &gt; Comprobar particiones: un centro es la carpeta por encima de la clase. Entonces las carpetas de clase dan una clase a sus fotogramas.</translation>
    </message>
    <message>
        <source>1 frame lies beside the class folders ({frame}): it has a class only if a reader gives it one.</source>
        <translation>1 imagen está junto a las carpetas de clase ({frame}): tiene clase solo si un lector se la da.</translation>
    </message>
    <message>
        <source>{n:,} frames lie beside the class folders, such as {frame}: they have a class only where a reader gives them one.</source>
        <translation>{n:,} imágenes están junto a las carpetas de clase, como {frame}: tienen clase solo donde un lector se la da.</translation>
    </message>
    <message>
        <source>The folders {folders} are not one class. If they should be, give them one name.</source>
        <translation>Las carpetas {folders} no son una sola clase. Si deben serlo, deles un mismo nombre.</translation>
    </message>
    <message>
        <source>{a} and {b}</source>
        <translation>{a} y {b}</translation>
    </message>
    <message>
        <source>A case is the first folder below the class now, such as {case}: there are {n:,} cases, where each of {before:,} folders was one. What was concluded of these is shown with their case. Data &gt; Check splits can make each folder a case again.</source>
        <translation>Un caso es ahora la primera carpeta bajo la clase, como {case}: hay {n:,} casos, donde cada una de {before:,} carpetas era uno. Lo que se concluyó de estas se muestra con su caso. Datos &gt; Comprobar particiones puede volver a hacer de cada carpeta un caso.</translation>
    </message>
    <message>
        <source>label and answer differ</source>
        <translation>etiqueta y respuesta difieren</translation>
    </message>
    <message>
        <source>surest of its class</source>
        <translation>la más segura de su clase</translation>
    </message>
    <message>
        <source>least sure</source>
        <translation>la menos segura</translation>
    </message>
    <message>
        <source>Writing the report</source>
        <translation>Escribiendo el informe</translation>
    </message>
    <message>
        <source>There is no case after this one among the frames shown.</source>
        <translation>No hay ningún caso después de este entre las imágenes mostradas.</translation>
    </message>
    <message>
        <source>There is no case before this one among the frames shown.</source>
        <translation>No hay ningún caso antes de este entre las imágenes mostradas.</translation>
    </message>
    <message>
        <source>Every case after this one has a conclusion.</source>
        <translation>Todos los casos posteriores tienen conclusión.</translation>
    </message>
    <message>
        <source>This frame belongs to no case, so there is nothing to report on.</source>
        <translation>Esta imagen no pertenece a ningún caso, así que no hay nada de lo que informar.</translation>
    </message>
    <message>
        <source>Case report</source>
        <translation>Informe del caso</translation>
    </message>
    <message>
        <source>The report is in {path}.</source>
        <translation>El informe está en {path}.</translation>
    </message>
    <message>
        <source>Case &amp;report ...</source>
        <translation>In&amp;forme del caso ...</translation>
    </message>
    <message>
        <source>One page as PDF for the file</source>
        <translation>Una página en PDF para el archivo</translation>
    </message>
    <message>
        <source>Finding of the case</source>
        <translation>Hallazgo del caso</translation>
    </message>
    <message>
        <source>What you conclude of this case (Ctrl+Return keeps it; it is kept by itself when you go on)</source>
        <translation>Qué concluye de este caso (Ctrl+Intro lo guarda; se guarda solo al seguir)</translation>
    </message>
    <message>
        <source>No case</source>
        <translation>Sin caso</translation>
    </message>
    <message>
        <source>None yet: they come with the model&apos;s answers.</source>
        <translation>Aún ninguna: llegan con las respuestas del modelo.</translation>
    </message>
    <message>
        <source>{answer} {percent} %</source>
        <translation>{answer} {percent} %</translation>
    </message>
    <message>
        <source>no finding chosen</source>
        <translation>ningún hallazgo elegido</translation>
    </message>
    <message>
        <source>Frames in a folder of their own, within a class folder or not, are a case; Data &gt; Check splits says what is.</source>
        <translation>Las imágenes en una carpeta propia, dentro o no de una carpeta de clase, son un caso; Datos &gt; Comprobar particiones dice qué lo es.</translation>
    </message>
    <message>
        <source>Kept: {who}</source>
        <translation>Guardado: {who}</translation>
    </message>
    <message>
        <source>Earlier conclusions</source>
        <translation>Conclusiones anteriores</translation>
    </message>
    <message>
        <source>The conclusion was not saved. {reason}</source>
        <translation>La conclusión no se guardó. {reason}</translation>
    </message>
    <message>
        <source>with a note</source>
        <translation>con nota</translation>
    </message>
    <message>
        <source>Counts, frames that matter and conclusion of this frame&apos;s case (Ctrl+E)</source>
        <translation>Recuentos, imágenes importantes y conclusión del caso de esta imagen (Ctrl+E)</translation>
    </message>
    <message>
        <source>Filled beyond the field</source>
        <translation>Rellenado fuera del campo</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Máscara</translation>
    </message>
    <message>
        <source>Outlines</source>
        <translation>Contornos</translation>
    </message>
    <message>
        <source>Select two to four frames in the gallery first: Ctrl and click. {n} are selected.</source>
        <translation>Seleccione antes de dos a cuatro imágenes en la galería: Ctrl y clic. Hay {n} seleccionadas.</translation>
    </message>
    <message>
        <source>{n} frames side by side. Esc comes back to the frame.</source>
        <translation>{n} imágenes lado a lado. Esc vuelve a la imagen.</translation>
    </message>
    <message>
        <source>Wait until the frame is shown, then take it.</source>
        <translation>Espere a que se muestre la imagen y tómela entonces.</translation>
    </message>
    <message>
        <source>Frame {number} taken: {label}</source>
        <translation>Imagen {number} tomada: {label}</translation>
    </message>
    <message>
        <source>Frame {number} taken</source>
        <translation>Imagen {number} tomada</translation>
    </message>
    <message>
        <source>This frame is not taken.</source>
        <translation>Esta imagen no está tomada.</translation>
    </message>
    <message>
        <source>This frame has a label, and stays. Take the label back first (Ctrl+Z in the main window).</source>
        <translation>Esta imagen tiene una etiqueta y se queda. Retire primero la etiqueta (Ctrl+Z en la ventana principal).</translation>
    </message>
    <message>
        <source>Frame {number} is no longer taken</source>
        <translation>La imagen {number} ya no está tomada</translation>
    </message>
    <message>
        <source>Stopped. The frames taken until then are kept.</source>
        <translation>Detenido. Las imágenes tomadas hasta ahora se conservan.</translation>
    </message>
    <message>
        <source>{n:,} frames taken; {skipped:,} could not be decoded.</source>
        <translation>{n:,} imágenes tomadas; {skipped:,} no se pudieron descodificar.</translation>
    </message>
    <message>
        <source>{n:,} frames taken.</source>
        <translation>{n:,} imágenes tomadas.</translation>
    </message>
    <message>
        <source>The frame could not be written to {folder}: {why}.</source>
        <translation>La imagen no se pudo escribir en {folder}: {why}.</translation>
    </message>
    <message>
        <source>The frame could not be removed: {why}.</source>
        <translation>La imagen no se pudo quitar: {why}.</translation>
    </message>
    <message>
        <source>Open a folder first (Ctrl+O): frames taken from a video are kept with its work.</source>
        <translation>Abra primero una carpeta (Ctrl+O): las imágenes tomadas de un vídeo se guardan con su trabajo.</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Línea de tiempo</translation>
    </message>
    <message>
        <source>Where in the film; marks stand for frames taken</source>
        <translation>Lugar en la película; las marcas son imágenes tomadas</translation>
    </message>
    <message>
        <source>Picture of the film</source>
        <translation>Imagen de la película</translation>
    </message>
    <message>
        <source>Take frames from a video</source>
        <translation>Tomar imágenes de un vídeo</translation>
    </message>
    <message>
        <source>Film</source>
        <translation>Película</translation>
    </message>
    <message>
        <source>Videos in the open folder, and DICOM files with many frames</source>
        <translation>Vídeos de la carpeta abierta y archivos DICOM con muchas imágenes</translation>
    </message>
    <message>
        <source>Another &amp;file ...</source>
        <translation>Otro &amp;archivo ...</translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation>&amp;Reproducir</translation>
    </message>
    <message>
        <source>&amp;Take this frame</source>
        <translation>&amp;Tomar esta imagen</translation>
    </message>
    <message>
        <source>Take &amp;back</source>
        <translation>&amp;Devolver</translation>
    </message>
    <message>
        <source>Or stop (Space)</source>
        <translation>O detener (Espacio)</translation>
    </message>
    <message>
        <source>Keep the frame that is shown (Return or K); a class key keeps and labels it</source>
        <translation>Conservar la imagen mostrada (Intro o K); la tecla de una clase la conserva y la etiqueta</translation>
    </message>
    <message>
        <source>The frame that is shown is no longer taken (Delete); one with a label stays</source>
        <translation>La imagen mostrada deja de estar tomada (Supr); una con etiqueta se queda</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>Seconds between frames</source>
        <translation>Segundos entre imágenes</translation>
    </message>
    <message>
        <source>Fi&amp;lm</source>
        <translation>Pe&amp;lícula</translation>
    </message>
    <message>
        <source>One &amp;every</source>
        <translation>Una &amp;cada</translation>
    </message>
    <message>
        <source>Arrow keys go by one frame, with Shift by one second, Page keys by ten; Space plays.</source>
        <translation>Las flechas avanzan una imagen, con Mayús un segundo, las teclas de página diez; Espacio reproduce.</translation>
    </message>
    <message>
        <source>Return or K takes the frame, a class key takes and labels it, Delete takes it back.</source>
        <translation>Intro o K toma la imagen, la tecla de una clase la toma y la etiqueta, Supr la devuelve.</translation>
    </message>
    <message>
        <source>A video, or a DICOM film</source>
        <translation>Un vídeo o una película DICOM</translation>
    </message>
    <message>
        <source>Films ({kinds})</source>
        <translation>Películas ({kinds})</translation>
    </message>
    <message>
        <source>Choose a film above.</source>
        <translation>Elija arriba una película.</translation>
    </message>
    <message>
        <source>There are no videos in this folder. Choose another file.</source>
        <translation>No hay vídeos en esta carpeta. Elija otro archivo.</translation>
    </message>
    <message>
        <source>Frame {number:,} of {frames:,}   {time} of {length}   {n:,} taken</source>
        <translation>Imagen {number:,} de {frames:,}   {time} de {length}   {n:,} tomadas</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>Tomada</translation>
    </message>
    <message>
        <source>Taking frames</source>
        <translation>Tomando imágenes</translation>
    </message>
    <message>
        <source>Opening the film</source>
        <translation>Abriendo la película</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>Dete&amp;ner</translation>
    </message>
    <message>
        <source>{typed} is no number of seconds from {least} to {most}: nothing was taken.</source>
        <translation>{typed} no es un número de segundos de {least} a {most}: no se tomó nada.</translation>
    </message>
    <message>
        <source>Take {n:,} f&amp;rames</source>
        <translation>Tomar {n:,} &amp;imágenes</translation>
    </message>
    <message>
        <source>Take 1 f&amp;rame</source>
        <translation>Tomar 1 &amp;imagen</translation>
    </message>
    <message>
        <source>left the frame, right what {recipe} makes of it</source>
        <translation>a la izquierda la imagen, a la derecha lo que {recipe} hace de ella</translation>
    </message>
    <message>
        <source>The language changes at the next start: a training is running, or a conclusion is not saved yet.</source>
        <translation>El idioma cambia en el próximo inicio: hay un entrenamiento en curso o una conclusión sin guardar.</translation>
    </message>
    <message>
        <source>retrained from the command line</source>
        <translation>reentrenado desde la línea de órdenes</translation>
    </message>
    <message>
        <source>{file} cannot be opened: {why}.</source>
        <translation>No se puede abrir {file}: {why}.</translation>
    </message>
    <message>
        <source>{file} is not the file of an EndoDesk project. Open the project&apos;s folder instead.</source>
        <translation>{file} no es el archivo de un proyecto de EndoDesk. Abrir la carpeta del proyecto.</translation>
    </message>
    <message>
        <source>There is no project in {folder}: {file} belongs into a project&apos;s folder. Open that folder instead.</source>
        <translation>No hay ningún proyecto en {folder}: el lugar de {file} es la carpeta de un proyecto. Abrir esa carpeta.</translation>
    </message>
    <message>
        <source>1 frame is left out: its readers disagree. The order Readers disagree shows it, for somebody to decide.</source>
        <translation>Se deja fuera 1 fotograma: sus lectores no coinciden. El orden Los lectores no coinciden lo muestra, para que alguien decida.</translation>
    </message>
    <message>
        <source>{n:,} frames are left out: their readers disagree. The order Readers disagree shows them, for somebody to decide.</source>
        <translation>Se dejan fuera {n:,} fotogramas: sus lectores no coinciden. El orden Los lectores no coinciden los muestra, para que alguien decida.</translation>
    </message>
    <message>
        <source>1 frame of an earlier training followed its group into another part: an older model may know it.</source>
        <translation>1 imagen de un entrenamiento anterior siguió a su grupo a otra parte: un modelo más antiguo puede conocerla.</translation>
    </message>
    <message>
        <source>{n:,} frames of earlier trainings followed their group into another part: an older model may know them.</source>
        <translation>{n:,} imágenes de entrenamientos anteriores siguieron a su grupo a otra parte: un modelo más antiguo puede conocerlas.</translation>
    </message>
    <message>
        <source>the first of {n:,} pictures in the file</source>
        <translation>la primera de {n:,} imágenes del archivo</translation>
    </message>
    <message>
        <source>colours by the profile {name}</source>
        <translation>colores según el perfil {name}</translation>
    </message>
    <message>
        <source>This report was not made by EndoDesk on this PC: open it only if you trust whoever gave it to you.</source>
        <translation>Este informe no lo hizo EndoDesk en este equipo: abrirlo solo si se confía en quien lo entregó.</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Informe</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;Abrir</translation>
    </message>
    <message>
        <source>some labels or marks</source>
        <translation>algunas etiquetas o marcas</translation>
    </message>
    <message>
        <source>some conclusions</source>
        <translation>algunas conclusiones</translation>
    </message>
    <message>
        <source>what was known of some files</source>
        <translation>lo que se sabía de algunos archivos</translation>
    </message>
    <message>
        <source>some frames joined by hand</source>
        <translation>algunas imágenes unidas a mano</translation>
    </message>
    <message>
        <source>some models (read again from their folders where these are whole)</source>
        <translation>algunos modelos (leídos de nuevo de sus carpetas donde están enteras)</translation>
    </message>
    <message>
        <source>some outlines drawn by hand</source>
        <translation>algunos contornos dibujados a mano</translation>
    </message>
    <message>
        <source>some of the project&apos;s settings</source>
        <translation>algunos ajustes del proyecto</translation>
    </message>
    <message>
        <source>some steps for Undo</source>
        <translation>algunos pasos de Deshacer</translation>
    </message>
    <message>
        <source>the time of some labels or conclusions (they stand with the year 1970)</source>
        <translation>la hora de algunas etiquetas o conclusiones (figuran con el año 1970)</translation>
    </message>
    <message>
        <source>The file {file} is damaged in places. What cannot be read in it was left out: {kinds}. All else is as it was, and nothing was removed from the file. If you have a backup copy from before the damage, close EndoDesk and put it in its place.</source>
        <translation>El archivo {file} está dañado en algunos lugares. Lo que no se puede leer se dejó fuera: {kinds}. Todo lo demás está como estaba, y no se quitó nada del archivo. Si hay una copia de seguridad anterior al daño, cierre EndoDesk y póngala en su lugar.</translation>
    </message>
    <message>
        <source>Thumbnails</source>
        <translation>Miniaturas</translation>
    </message>
    <message>
        <source>Small pictures for the gallery. They are made again when they come on screen.</source>
        <translation>Imágenes pequeñas para la galería. Se vuelven a hacer cuando aparecen en pantalla.</translation>
    </message>
    <message>
        <source>Preprocessed frames</source>
        <translation>Imágenes preprocesadas</translation>
    </message>
    <message>
        <source>Frames of 224 x 224 pixels, as trainings take them in. The next training makes them again, which takes minutes.</source>
        <translation>Imágenes de 224 x 224 píxeles, como las reciben los entrenamientos. El siguiente entrenamiento las vuelve a hacer, lo que tarda minutos.</translation>
    </message>
    <message>
        <source>Features</source>
        <translation>Características</translation>
    </message>
    <message>
        <source>Numbers that a model computed from each frame. From the next start on the model is asked about each frame again.</source>
        <translation>Números que un modelo calculó de cada imagen. Desde el próximo inicio se vuelve a preguntar al modelo por cada imagen.</translation>
    </message>
    <message>
        <source>Pictures in reports of trainings</source>
        <translation>Imágenes en los informes de entrenamientos</translation>
    </message>
    <message>
        <source>report.html and plots, which show frames. They are not made again; the figures (metrics.json) and the models stay.</source>
        <translation>report.html y los gráficos, que muestran imágenes. No se vuelven a hacer; las cifras (metrics.json) y los modelos se quedan.</translation>
    </message>
    <message>
        <source>Frames taken from videos</source>
        <translation>Imágenes tomadas de vídeos</translation>
    </message>
    <message>
        <source>Labels hang on them: the labels stay, but nobody can see any more what they are about. They are not made again.</source>
        <translation>De ellas dependen etiquetas: las etiquetas se quedan, pero nadie puede ver ya de qué tratan. No se vuelven a hacer.</translation>
    </message>
    <message>
        <source>Backups of labels</source>
        <translation>Copias de seguridad de las etiquetas</translation>
    </message>
    <message>
        <source>No pictures: labels, notes, conclusions and names of files, as they stood when each was made. Without them a damaged project is made anew from its journal alone.</source>
        <translation>Ninguna imagen: etiquetas, notas, conclusiones y nombres de archivos, como estaban al hacerse cada una. Sin ellas un proyecto dañado se rehace solo con su diario.</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Registros</translation>
    </message>
    <message>
        <source>No pictures, but names of files and folders; what helps to find a fault. New ones are begun.</source>
        <translation>Sin imágenes, pero con nombres de archivos y carpetas; lo que ayuda a encontrar un fallo. Se empiezan otros nuevos.</translation>
    </message>
    <message>
        <source>1 file could not be removed ({file}); the others are gone.</source>
        <translation>No se pudo eliminar 1 archivo ({file}); los demás ya no están.</translation>
    </message>
    <message>
        <source>{n:,} files could not be removed ({file}); the others are gone.</source>
        <translation>No se pudieron eliminar {n:,} archivos ({file}); los demás ya no están.</translation>
    </message>
    <message>
        <source>{n:,} files, {amount}</source>
        <translation>{n:,} archivos, {amount}</translation>
    </message>
    <message>
        <source>1 file, {amount}</source>
        <translation>1 archivo, {amount}</translation>
    </message>
    <message>
        <source>This project was not made here, and holds settings that EndoDesk does not know: {names}. They are not used.</source>
        <translation>Este proyecto no se creó aquí y contiene ajustes que EndoDesk no conoce: {names}. No se usan.</translation>
    </message>
    <message>
        <source>This project was not made here. Its frames are said to lie on another computer: {folder}. Look there? Windows then signs in to that computer with your name. Agree only if you know the place.</source>
        <translation>Este proyecto no se creó aquí. Dice que sus imágenes están en otro equipo: {folder}. ¿Buscar allí? Windows inicia entonces sesión en ese equipo con su nombre. Acepte solo si conoce el lugar.</translation>
    </message>
    <message>
        <source>This project lacks {n} labels, marks and other acts of readers that were stored here before: its file is an older copy, or another one. They are kept in {file}. Take them in? What was said of a frame since stays on top; nothing is removed.</source>
        <translation>A este proyecto le faltan {n} etiquetas, marcas y otros actos de lectores que antes se guardaron aquí: su archivo es una copia más antigua, o es otro. Se conservan en {file}. ¿Incorporarlos? Lo que se dijo después de una imagen sigue valiendo; no se borra nada.</translation>
    </message>
    <message>
        <source>The project&apos;s file</source>
        <translation>El archivo del proyecto</translation>
    </message>
    <message>
        <source>Open again</source>
        <translation>Abrir de nuevo</translation>
    </message>
    <message>
        <source>Labels found</source>
        <translation>Etiquetas encontradas</translation>
    </message>
    <message>
        <source>Take them in</source>
        <translation>Incorporarlas</translation>
    </message>
    <message>
        <source>A project from elsewhere</source>
        <translation>Un proyecto de otro lugar</translation>
    </message>
    <message>
        <source>Look there</source>
        <translation>Buscar allí</translation>
    </message>
    <message>
        <source>Broken: {fault}.</source>
        <translation>Roto: {fault}.</translation>
    </message>
    <message>
        <source>Nobody has done anything here yet.</source>
        <translation>Aquí nadie ha hecho nada todavía.</translation>
    </message>
    <message>
        <source>All holds. Events: {n}. The last digest: {digest}</source>
        <translation>Todo está intacto. Actos: {n}. El último resumen: {digest}</translation>
    </message>
    <message>
        <source>event {n} is missing, which the anchor of {date} knows</source>
        <translation>falta event {n}, que el ancla del {date} conoce</translation>
    </message>
    <message>
        <source>event {n} is another one than on {date}, when the anchor was kept</source>
        <translation>event {n} no es el que era el {date}, cuando se guardó el ancla</translation>
    </message>
    <message>
        <source>They go on from the anchor of {date}, which knows {n}.</source>
        <translation>Continúan desde el ancla del {date}, que conoce {n}.</translation>
    </message>
    <message>
        <source>The anchor cannot be written to {file}: {reason}.</source>
        <translation>El ancla no se puede escribir en {file}: {reason}.</translation>
    </message>
    <message>
        <source>The anchor is kept in {file}. Keep it on another PC, or on paper, and verify by it later.</source>
        <translation>El ancla está en {file}. Guárdela en otro PC, o en papel, y verifique con ella más adelante.</translation>
    </message>
    <message>
        <source>{row} was changed</source>
        <translation>{row} fue cambiado</translation>
    </message>
    <message>
        <source>{row} is missing</source>
        <translation>falta {row}</translation>
    </message>
    <message>
        <source>{row} was inserted</source>
        <translation>{row} fue añadido</translation>
    </message>
    <message>
        <source>{row} was swapped with {other}</source>
        <translation>{row} fue intercambiado con {other}</translation>
    </message>
    <message>
        <source>Verify the record</source>
        <translation>Verificar el registro</translation>
    </message>
    <message>
        <source>&amp;Keep an anchor ...</source>
        <translation>&amp;Guardar un ancla ...</translation>
    </message>
    <message>
        <source>A small file with count and digest, for another PC</source>
        <translation>Un archivo pequeño con el número y el resumen, para otro PC</translation>
    </message>
    <message>
        <source>&amp;By an anchor ...</source>
        <translation>C&amp;on un ancla ...</translation>
    </message>
    <message>
        <source>Whether all that it knows is still there</source>
        <translation>Si todo lo que conoce sigue estando</translation>
    </message>
    <message>
        <source>Each label, mark, note, outline, conclusion and choice is chained to the one before it. Rows that another program changed, deleted, swapped or inserted are found. That the end was cut off, or all made anew, only an anchor kept elsewhere shows.</source>
        <translation>Cada etiqueta, marca, nota, contorno, conclusión y elección está encadenada a la anterior. Se encuentran las filas que otro programa cambió, borró, intercambió o añadió. Que se cortó el final, o que se rehízo todo, solo lo muestra un ancla guardada en otro lugar.</translation>
    </message>
    <message>
        <source>Keep an anchor</source>
        <translation>Guardar un ancla</translation>
    </message>
    <message>
        <source>By an anchor</source>
        <translation>Con un ancla</translation>
    </message>
    <message>
        <source>Verifying</source>
        <translation>Verificando</translation>
    </message>
    <message>
        <source>As it was on a date</source>
        <translation>Cómo era en una fecha</translation>
    </message>
    <message>
        <source>Date and time</source>
        <translation>Fecha y hora</translation>
    </message>
    <message>
        <source>Stopped. Nothing was written.</source>
        <translation>Detenido. No se escribió nada.</translation>
    </message>
    <message>
        <source>&amp;Approve and export</source>
        <translation>A&amp;probar y exportar</translation>
    </message>
    <message>
        <source>Approve each frame</source>
        <translation>Aprobar cada imagen</translation>
    </message>
    <message>
        <source>So these frames would go out. Look at each of them: take the tick off where a name, a date or a number can still be read, or cover it first with a box (Label &gt; Correct the box).</source>
        <translation>Así saldrían estas imágenes. Mire cada una: quite la marca donde aún se pueda leer un nombre, una fecha o un número, o cúbralo antes con una caja (Etiqueta &gt; Corregir la caja).</translation>
    </message>
    <message>
        <source>Masking</source>
        <translation>Ennegreciendo</translation>
    </message>
    <message>
        <source>Frames to approve</source>
        <translation>Imágenes por aprobar</translation>
    </message>
    <message>
        <source>{n:,} frames go out, {m:,} are held back.</source>
        <translation>{n:,} imágenes salen, {m:,} se retienen.</translation>
    </message>
    <message>
        <source>{frames:,} frames and {acts:,} acts exported without names to {out}, with a certificate</source>
        <translation>{frames:,} imágenes y {acts:,} actos exportados sin nombres a {out}, con un certificado</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportar</translation>
    </message>
    <message>
        <source>Without &amp;names: frames as pixels alone, text on them blackened; you approve each</source>
        <translation>Sin &amp;nombres: las imágenes solo como píxeles, con el texto ennegrecido; usted aprueba cada una</translation>
    </message>
    <message>
        <source>What readers said goes into a file or folder that other programs read. Your images are only read.</source>
        <translation>Lo que dijeron los lectores va a un archivo o una carpeta que leen otros programas. Sus imágenes solo se leen.</translation>
    </message>
    <message>
        <source>Now; or a day, such as 2026-11-30</source>
        <translation>Ahora; o un día, como 2026-11-30</translation>
    </message>
    <message>
        <source>Whose words</source>
        <translation>De quién</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Formato</translation>
    </message>
    <message>
        <source>As it stood</source>
        <translation>Como estaba</translation>
    </message>
    <message>
        <source>Collecting</source>
        <translation>Reuniendo</translation>
    </message>
    <message>
        <source>{frames:,} frames, {acts:,} acts of readers.</source>
        <translation>{frames:,} imágenes, {acts:,} actos de lectores.</translation>
    </message>
    <message>
        <source>Not in it, though it is in the project (also written beside it):</source>
        <translation>No incluido, aunque está en el proyecto (también queda escrito al lado):</translation>
    </message>
    <message>
        <source>Nothing of that is left out.</source>
        <translation>No se omite nada de eso.</translation>
    </message>
    <message>
        <source>File to write</source>
        <translation>Archivo que se escribirá</translation>
    </message>
    <message>
        <source>Folder to make</source>
        <translation>Carpeta que se creará</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>Exportando</translation>
    </message>
    <message>
        <source>{frames:,} frames and {acts:,} acts of readers exported to {out}</source>
        <translation>{frames:,} imágenes y {acts:,} actos de lectores exportados a {out}</translation>
    </message>
    <message>
        <source>All readers</source>
        <translation>Todos los lectores</translation>
    </message>
    <message>
        <source>{n:,} new</source>
        <translation>{n:,} nuevos</translation>
    </message>
    <message>
        <source>{n:,} on record already</source>
        <translation>{n:,} ya registrados</translation>
    </message>
    <message>
        <source>{n:,} in conflict with what another reader says: each one&apos;s word is kept</source>
        <translation>{n:,} en conflicto con lo que dice otro lector: se conserva la palabra de cada uno</translation>
    </message>
    <message>
        <source>{n:,} taken back since</source>
        <translation>{n:,} retirados desde entonces</translation>
    </message>
    <message>
        <source>{n:,} given again since</source>
        <translation>{n:,} dados de nuevo desde entonces</translation>
    </message>
    <message>
        <source>{n:,} taken back by another reader there: put on record, and they hold on here</source>
        <translation>{n:,} retirados allí por otro lector: quedan registrados, y aquí siguen valiendo</translation>
    </message>
    <message>
        <source>{n:,} on frames that are not in this project: left out</source>
        <translation>{n:,} sobre imágenes que no están en este proyecto: se omiten</translation>
    </message>
    <message>
        <source>{n:,} on which model is active: left out, for that is each project&apos;s own</source>
        <translation>{n:,} sobre qué modelo está activo: se omiten, pues eso es propio de cada proyecto</translation>
    </message>
    <message>
        <source>{n:,} of what is new is in your own name, {name}, and not signed by you: take it in only if you have said it</source>
        <translation>{n:,} de lo nuevo está a su propio nombre, {name}, y no lo ha firmado usted: impórtelo solo si lo ha dicho usted</translation>
    </message>
    <message>
        <source>With the read plan of {readers}, which holds here then</source>
        <translation>Con el plan de lectura de {readers}, que regirá aquí</translation>
    </message>
    <message>
        <source>The read plan there is another one than here, and is left out</source>
        <translation>El plan de lectura de allí es distinto del de aquí y queda fuera</translation>
    </message>
    <message>
        <source>Read as {kind}: {n:,} acts</source>
        <translation>Leído como {kind}: {n:,} actos</translation>
    </message>
    <message>
        <source>{n:,} say what the class folder says anyway: left out</source>
        <translation>{n:,} dicen lo que ya dice la carpeta de la clase: se omiten</translation>
    </message>
    <message>
        <source>Classes that this project lacks: {names}. Add them (File &gt; Classes) to see these labels</source>
        <translation>Clases que faltan en este proyecto: {names}. Añádalas (Archivo &gt; Clases) para ver estas etiquetas</translation>
    </message>
    <message>
        <source>CSV: everything</source>
        <translation>CSV: todo</translation>
    </message>
    <message>
        <source>A table for any program, one row an act; what was replaced or taken back too.</source>
        <translation>Una tabla para cualquier programa, una fila por acto; también lo sustituido o retirado.</translation>
    </message>
    <message>
        <source>Class folders</source>
        <translation>Carpetas de clases</translation>
    </message>
    <message>
        <source>Copies of the frames in a folder a class; frames that were set aside are left out.</source>
        <translation>Copias de las imágenes, una carpeta por clase; las imágenes apartadas se omiten.</translation>
    </message>
    <message>
        <source>COCO</source>
        <translation>COCO</translation>
    </message>
    <message>
        <source>One JSON file: class, marks, note and outlines of each frame, with reader and time.</source>
        <translation>Un archivo JSON: clase, marcas, nota y contornos de cada imagen, con lector y hora.</translation>
    </message>
    <message>
        <source>Label Studio</source>
        <translation>Label Studio</translation>
    </message>
    <message>
        <source>One JSON file of tasks, with the words of each reader.</source>
        <translation>Un archivo JSON de tareas, con lo que dijo cada lector.</translation>
    </message>
    <message>
        <source>CVAT</source>
        <translation>CVAT</translation>
    </message>
    <message>
        <source>One XML file: classes and marks as tags, outlines as polygons.</source>
        <translation>Un archivo XML: clases y marcas como etiquetas, contornos como polígonos.</translation>
    </message>
    <message>
        <source>Croissant</source>
        <translation>Croissant</translation>
    </message>
    <message>
        <source>A folder with the table and a card, by which other programs find and read it.</source>
        <translation>Una carpeta con la tabla y una ficha, con la que otros programas la encuentran y la leen.</translation>
    </message>
    <message>
        <source>Kvasir</source>
        <translation>Kvasir</translation>
    </message>
    <message>
        <source>Copies of the frames, laid out and named as in that data set.</source>
        <translation>Copias de las imágenes, dispuestas y nombradas como en ese conjunto de datos.</translation>
    </message>
    <message>
        <source>HyperKvasir</source>
        <translation>HyperKvasir</translation>
    </message>
    <message>
        <source>Copies of the frames by tract, category and class, and image-labels.csv.</source>
        <translation>Copias de las imágenes por tracto, categoría y clase, e image-labels.csv.</translation>
    </message>
    <message>
        <source>Label pack</source>
        <translation>Paquete de etiquetas</translation>
    </message>
    <message>
        <source>One signed file without pictures, for EndoDesk on another PC: everybody&apos;s acts with their chain, whole.</source>
        <translation>Un archivo firmado y sin imágenes, para EndoDesk en otro PC: los actos de todos con su cadena, entera.</translation>
    </message>
    <message>
        <source>Stopped. Nothing was taken in.</source>
        <translation>Detenido. No se importó nada.</translation>
    </message>
    <message>
        <source>&amp;Import</source>
        <translation>&amp;Importar</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importar</translation>
    </message>
    <message>
        <source>What readers said elsewhere goes on record with their names and times: label packs, CSV, COCO, Label Studio, CVAT, Croissant, or class folders. Each one&apos;s word is kept; nothing is written before you have seen the numbers.</source>
        <translation>Lo que otros lectores dijeron en otra parte queda registrado con sus nombres y horas: paquetes de etiquetas, CSV, COCO, Label Studio, CVAT, Croissant o carpetas de clases. Se conserva la palabra de cada uno; nada se escribe antes de que haya visto los números.</translation>
    </message>
    <message>
        <source>I have &amp;asked: the new key is theirs</source>
        <translation>He &amp;preguntado: la clave nueva es suya</translation>
    </message>
    <message>
        <source>Choose &amp;files ...</source>
        <translation>Elegir &amp;archivos ...</translation>
    </message>
    <message>
        <source>Choose a f&amp;older ...</source>
        <translation>Elegir una &amp;carpeta ...</translation>
    </message>
    <message>
        <source>Files to import</source>
        <translation>Archivos que se importarán</translation>
    </message>
    <message>
        <source>Class folders, or a folder with a Croissant card</source>
        <translation>Carpetas de clases, o una carpeta con una ficha Croissant</translation>
    </message>
    <message>
        <source>Importing</source>
        <translation>Importando</translation>
    </message>
    <message>
        <source>{n:,} acts imported</source>
        <translation>{n:,} actos importados</translation>
    </message>
    <message>
        <source>{n:,} acts imported; Ctrl+Z takes them back</source>
        <translation>{n:,} actos importados; Ctrl+Z los retira</translation>
    </message>
    <message>
        <source>{n:,} acts imported; Ctrl+Z takes {back:,} of them back</source>
        <translation>{n:,} actos importados; Ctrl+Z retira {back:,} de ellos</translation>
    </message>
    <message>
        <source>{known} What was done there counts here; add --new to begin anew.</source>
        <translation>{known} Lo que se hizo allí vale aquí; añada --new para empezar de nuevo.</translation>
    </message>
    <message>
        <source>These {n:,} frames are known from {name} ({work}).</source>
        <translation>Estas {n:,} imágenes se conocen de {name} ({work}).</translation>
    </message>
    <message>
        <source>Of these {frames:,} frames {n:,} are known from {name} ({work}).</source>
        <translation>De estas {frames:,} imágenes, {n:,} se conocen de {name} ({work}).</translation>
    </message>
    <message>
        <source>1 verdict</source>
        <translation>1 veredicto</translation>
    </message>
    <message>
        <source>{n:,} verdicts</source>
        <translation>{n:,} veredictos</translation>
    </message>
    <message>
        <source>1 mark</source>
        <translation>1 marca</translation>
    </message>
    <message>
        <source>{n:,} marks</source>
        <translation>{n:,} marcas</translation>
    </message>
    <message>
        <source>1 note</source>
        <translation>1 nota</translation>
    </message>
    <message>
        <source>{n:,} notes</source>
        <translation>{n:,} notas</translation>
    </message>
    <message>
        <source>1 outline</source>
        <translation>1 contorno</translation>
    </message>
    <message>
        <source>{n:,} outlines</source>
        <translation>{n:,} contornos</translation>
    </message>
    <message>
        <source>centre of 1 frame</source>
        <translation>centro de 1 fotograma</translation>
    </message>
    <message>
        <source>centre of {n:,} frames</source>
        <translation>centro de {n:,} fotogramas</translation>
    </message>
    <message>
        <source>keys, colours, order or other names of classes changed</source>
        <translation>teclas, colores, orden u otros nombres de clases cambiados</translation>
    </message>
    <message>
        <source>{n} more</source>
        <translation>{n} más</translation>
    </message>
    <message>
        <source>class {name} removed</source>
        <translation>clase {name} quitada</translation>
    </message>
    <message>
        <source>class {name} moved to {other}</source>
        <translation>clase {name} pasada a {other}</translation>
    </message>
    <message>
        <source>class {name} renamed to {other}</source>
        <translation>clase {name} renombrada a {other}</translation>
    </message>
    <message>
        <source>class {name} added</source>
        <translation>clase {name} añadida</translation>
    </message>
    <message>
        <source>No folder was opened yet</source>
        <translation>Todavía no se abrió ninguna carpeta</translation>
    </message>
    <message>
        <source>&amp;Forget these</source>
        <translation>&amp;Olvidarlas</translation>
    </message>
    <message>
        <source>Classes to remove</source>
        <translation>Clases que se quitan</translation>
    </message>
    <message>
        <source>1 frame is labelled {name}.</source>
        <translation>1 imagen tiene la etiqueta {name}.</translation>
    </message>
    <message>
        <source>{n:,} frames are labelled {name}.</source>
        <translation>{n:,} imágenes tienen la etiqueta {name}.</translation>
    </message>
    <message>
        <source>Keep them out of sight</source>
        <translation>Dejarlas fuera de la vista</translation>
    </message>
    <message>
        <source>Move them to {name}</source>
        <translation>Pasarlas a {name}</translation>
    </message>
    <message>
        <source>Labels stay on record whatever you choose. Out of sight no training learns from them, until a class has this name again, or has it among its other names.</source>
        <translation>Las etiquetas siguen registradas, elija lo que elija. Fuera de la vista, ningún entrenamiento aprende de ellas hasta que una clase vuelva a tener este nombre, o lo tenga entre sus otros nombres.</translation>
    </message>
    <message>
        <source>{n:,} frames are labelled {name}, which is no class.</source>
        <translation>{n:,} imágenes tienen la etiqueta {name}, que no es ninguna clase.</translation>
    </message>
    <message>
        <source>1 frame is labelled {name}, which is no class.</source>
        <translation>1 imagen tiene la etiqueta {name}, que no es ninguna clase.</translation>
    </message>
    <message>
        <source>Make it a class</source>
        <translation>Hacer de ella una clase</translation>
    </message>
    <message>
        <source>It means ...</source>
        <translation>Significa ...</translation>
    </message>
    <message>
        <source>You decide: the key of a class is the verdict.</source>
        <translation>Usted decide: la tecla de una clase es el veredicto.</translation>
    </message>
    <message>
        <source>Hide names</source>
        <translation>Ocultar nombres</translation>
    </message>
    <message>
        <source>Decide without knowing who said what</source>
        <translation>Decidir sin saber quién dijo qué</translation>
    </message>
    <message>
        <source>Reader {letter}</source>
        <translation>Lector {letter}</translation>
    </message>
    <message>
        <source>having seen the model&apos;s answer</source>
        <translation>habiendo visto la respuesta del modelo</translation>
    </message>
    <message>
        <source>Your frames of the read plan, in an order of your own: you see your own labels alone</source>
        <translation>Sus imágenes del plan de lectura, en su propio orden: solo ve sus propias etiquetas</translation>
    </message>
    <message>
        <source>{done:,} of {total:,} read</source>
        <translation>{done:,} de {total:,} leídas</translation>
    </message>
    <message>
        <source>The plan gives you no frame of this folder, as far as it has been read.</source>
        <translation>El plan no le da ninguna imagen de esta carpeta, hasta donde se ha leído.</translation>
    </message>
    <message>
        <source>There is nothing for you to read now: {done:,} of {total:,} read.</source>
        <translation>Ahora no tiene nada que leer: {done:,} de {total:,} leídas.</translation>
    </message>
    <message>
        <source>More follows from {date} on.</source>
        <translation>Hay más a partir del {date}.</translation>
    </message>
    <message>
        <source>Signed by {name}, key {key}: tell it to whoever takes the pack in</source>
        <translation>Firmado por {name}, clave {key}: dígasela a quien importe el paquete</translation>
    </message>
    <message>
        <source>Signed by {name}, with your own key {key}</source>
        <translation>Firmado por {name}, con su propia clave {key}</translation>
    </message>
    <message>
        <source>Signed by {name}, key {key}, as before</source>
        <translation>Firmado por {name}, clave {key}, como antes</translation>
    </message>
    <message>
        <source>Signed by {name}, key {key}: not seen before. Ask {name} whether it is theirs: exporting tells it</source>
        <translation>Firmado por {name}, clave {key}: no se había visto antes. Pregunte a {name} si es la suya: al exportar se muestra</translation>
    </message>
    <message>
        <source>Signed by {name}, but with another key than before: {key}, not {known}. Ask {name} whether theirs changed</source>
        <translation>Firmado por {name}, pero con otra clave que antes: {key}, no {known}. Pregunte a {name} si la suya ha cambiado</translation>
    </message>
    <message>
        <source>Acts by reader: {readers}</source>
        <translation>Actos por lector: {readers}</translation>
    </message>
    <message>
        <source>{name} is your name here, too: of both of you the later word counts, as of one reader</source>
        <translation>{name} también es su nombre aquí: de los dos cuenta la palabra posterior, como de un solo lector</translation>
    </message>
    <message>
        <source>{n:,} rows there are damaged: left out</source>
        <translation>{n:,} filas de allí están dañadas: se omiten</translation>
    </message>
    <message>
        <source>These packs have different read plans: none is taken</source>
        <translation>Estos paquetes tienen planes de lectura distintos: no se toma ninguno</translation>
    </message>
    <message>
        <source>In your reading list you see your own labels alone. Choose another order to see those of others.</source>
        <translation>En su lista de lectura solo ve sus propias etiquetas. Elija otro orden para ver las de los demás.</translation>
    </message>
    <message>
        <source>Select frames first: their centre can be named once they were read.</source>
        <translation>Seleccione antes fotogramas: se puede nombrar su centro una vez leídos.</translation>
    </message>
    <message>
        <source>Centre of {n:,} frames: {name}</source>
        <translation>Centro de {n:,} fotogramas: {name}</translation>
    </message>
    <message>
        <source>Centre of {n:,} frames: as Data &gt; Check splits says</source>
        <translation>Centro de {n:,} fotogramas: lo que diga Datos &gt; Comprobar particiones</translation>
    </message>
    <message>
        <source>Open a folder first (Ctrl+O): a plan deals its frames.</source>
        <translation>Abra primero una carpeta (Ctrl+O): un plan reparte sus imágenes.</translation>
    </message>
    <message>
        <source>Stopped. Nothing was changed.</source>
        <translation>Detenido. No se cambió nada.</translation>
    </message>
    <message>
        <source>&amp;Use this plan</source>
        <translation>&amp;Usar este plan</translation>
    </message>
    <message>
        <source>Read plan</source>
        <translation>Plan de lectura</translation>
    </message>
    <message>
        <source> days</source>
        <translation> días</translation>
    </message>
    <message>
        <source>Class &amp;folders tell the truth too, where there is no verdict</source>
        <translation>Las &amp;carpetas de clase también dicen la verdad, donde no hay veredicto</translation>
    </message>
    <message>
        <source>Take the plan &amp;away</source>
        <translation>&amp;Quitar el plan</translation>
    </message>
    <message>
        <source>Who reads which frames, each reader in an order of their own. The same readers, numbers and seed deal alike on every PC. What was read stays, whatever you change. Each plan is on record.</source>
        <translation>Quién lee qué imágenes, cada lector en su propio orden. Los mismos lectores, números y semilla reparten igual en cada PC. Lo leído se conserva, cambie lo que cambie. Cada plan queda registrado.</translation>
    </message>
    <message>
        <source>Honeypots are frames whose truth is known, by a verdict (order: Readers disagree), among those of other readers.</source>
        <translation>Las imágenes de control son aquellas cuya verdad se conoce, por un veredicto (orden: Los lectores no coinciden), entre las de otros lectores.</translation>
    </message>
    <message>
        <source>Readers, one a line</source>
        <translation>Lectores, uno por línea</translation>
    </message>
    <message>
        <source>Frames that all readers read</source>
        <translation>Imágenes que leen todos los lectores</translation>
    </message>
    <message>
        <source>Frames that a reader reads a second time</source>
        <translation>Imágenes que un lector lee por segunda vez</translation>
    </message>
    <message>
        <source>Wash-out before that</source>
        <translation>Pausa antes de ello</translation>
    </message>
    <message>
        <source>Honeypots for 100 frames of a reader</source>
        <translation>Imágenes de control por cada 100 de un lector</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Semilla</translation>
    </message>
    <message>
        <source>Dealing</source>
        <translation>Repartiendo</translation>
    </message>
    <message>
        <source>{frames:,} frames: {shared:,} read by all, the others by one reader each. The truth of {known:,} is known.</source>
        <translation>{frames:,} imágenes: {shared:,} las leen todos, las demás un lector cada una. De {known:,} se conoce la verdad.</translation>
    </message>
    <message>
        <source>The read plan holds. Its readers find My reading list among the orders of the frames.</source>
        <translation>El plan de lectura rige. Sus lectores encuentran Mi lista de lectura entre los órdenes de las imágenes.</translation>
    </message>
    <message>
        <source>Take the read plan away? Reading lists are gone then; what was read stays.</source>
        <translation>¿Quitar el plan de lectura? Las listas de lectura desaparecen; lo leído se conserva.</translation>
    </message>
    <message>
        <source>Take it away</source>
        <translation>Quitarlo</translation>
    </message>
    <message>
        <source>There is no read plan any more. What was read stays.</source>
        <translation>Ya no hay plan de lectura. Lo leído se conserva.</translation>
    </message>
    <message>
        <source>{reader}: {first:,} frames, {second:,} of them a second time, and {pots:,} honeypots; {done:,} of {total:,} read</source>
        <translation>{reader}: {first:,} imágenes, {second:,} de ellas por segunda vez, y {pots:,} de control; {done:,} de {total:,} leídas</translation>
    </message>
    <message>
        <source>{mended:,} mended, {broken:,} broken, of {n:,} frames.</source>
        <translation>{mended:,} corregidas, {broken:,} estropeadas, de {n:,} imágenes.</translation>
    </message>
    <message>
        <source>No difference: both have the same of the {n:,} frames right.</source>
        <translation>Ninguna diferencia: ambos aciertan en las mismas de las {n:,} imágenes.</translation>
    </message>
    <message>
        <source>Too few groups to tell. {counts}</source>
        <translation>Demasiado pocos grupos para decidirlo. {counts}</translation>
    </message>
    <message>
        <source>Better. {counts}</source>
        <translation>Mejor. {counts}</translation>
    </message>
    <message>
        <source>Worse. {counts}</source>
        <translation>Peor. {counts}</translation>
    </message>
    <message>
        <source>No proven difference. {counts}</source>
        <translation>Ninguna diferencia demostrada. {counts}</translation>
    </message>
    <message>
        <source>Macro F1: {difference}; McNemar&apos;s exact test: p = {p:.2g}.</source>
        <translation>F1 macro: {difference}; prueba exacta de McNemar: p = {p:.2g}.</translation>
    </message>
    <message>
        <source>There are frames of only {n} groups: too few to say how sure that is.</source>
        <translation>Hay imágenes de solo {n} grupos: demasiado pocos para decir con qué seguridad.</translation>
    </message>
    <message>
        <source>There are no test frames of {classes}: nothing is known of them.</source>
        <translation>No hay imágenes de prueba de {classes}: no se sabe nada de ellas.</translation>
    </message>
    <message>
        <source>Compared over the classes that both know, {classes}; {n:,} frames of other classes do not count.</source>
        <translation>Comparados en las clases que ambos conocen, {classes}; {n:,} imágenes de otras clases no cuentan.</translation>
    </message>
    <message>
        <source>Compared over the classes that both know: {classes}.</source>
        <translation>Comparados en las clases que ambos conocen: {classes}.</translation>
    </message>
    <message>
        <source>With the source hidden (rim and corners cut away, colours made even): accuracy {new:.1f} % against {old:.1f} %, {accuracy}; macro F1 {macro_f1}.</source>
        <translation>Con el origen oculto (borde y esquinas recortados, colores igualados): exactitud {new:.1f} % frente a {old:.1f} %, {accuracy}; F1 macro {macro_f1}.</translation>
    </message>
    <message>
        <source>{points:+.1f} points</source>
        <translation>{points:+.1f} puntos</translation>
    </message>
    <message>
        <source>{points} ({low:+.1f} to {high:+.1f})</source>
        <translation>{points} ({low:+.1f} a {high:+.1f})</translation>
    </message>
    <message>
        <source>It does not know {name}, which the active model knows.</source>
        <translation>No conoce {name}, que el modelo activo sí conoce.</translation>
    </message>
    <message>
        <source>It was not compared with the active model on the same frames.</source>
        <translation>No se ha comparado con el modelo activo en las mismas imágenes.</translation>
    </message>
    <message>
        <source>The test frames come from only {n} groups: too few to know whether it is worse.</source>
        <translation>Las imágenes de prueba son de solo {n} grupos: demasiado pocos para saber si es peor.</translation>
    </message>
    <message>
        <source>Its macro F1 may be lower by {low:.1f} points; the project&apos;s rule allows {most:.1f}.</source>
        <translation>Su F1 macro puede ser {low:.1f} puntos menor; la regla del proyecto permite {most:.1f}.</translation>
    </message>
    <message>
        <source>Recall of {name} fell by {points:.1f} points: look at this frame.</source>
        <translation>La sensibilidad de {name} bajó {points:.1f} puntos: mire esta imagen.</translation>
    </message>
    <message>
        <source>Recall of {name} fell by {points:.1f} points: look at these {n} frames.</source>
        <translation>La sensibilidad de {name} bajó {points:.1f} puntos: mire estas {n} imágenes.</translation>
    </message>
    <message>
        <source>Frames mended and broken</source>
        <translation>Imágenes corregidas y estropeadas</translation>
    </message>
    <message>
        <source>not in the folder that is open</source>
        <translation>no está en la carpeta abierta</translation>
    </message>
    <message>
        <source>A double click opens the frame in the main window: its label may be what is wrong.</source>
        <translation>Un doble clic abre la imagen en la ventana principal: puede que lo erróneo sea su etiqueta.</translation>
    </message>
    <message>
        <source>Blind first: {n:,} frames that you have not labelled are not shown.</source>
        <translation>Primero a ciegas: no se muestran {n:,} imágenes sin etiqueta propia.</translation>
    </message>
    <message>
        <source>{frame} is not in the folder that is open.</source>
        <translation>{frame} no está en la carpeta abierta.</translation>
    </message>
    <message>
        <source>mended: {label}</source>
        <translation>corregida: {label}</translation>
    </message>
    <message>
        <source>broken: {label}</source>
        <translation>estropeada: {label}</translation>
    </message>
    <message>
        <source>new model: {new}
before: {old}</source>
        <translation>modelo nuevo: {new}
antes: {old}</translation>
    </message>
    <message>
        <source>{model} was trained and is kept in the project, but the active model is what it was. {reason}</source>
        <translation>{model} se entrenó y queda en el proyecto, pero el modelo activo es el que era. {reason}</translation>
    </message>
    <message>
        <source>Goes on from {model}.</source>
        <translation>Continúa {model}.</translation>
    </message>
    <message>
        <source>Trained anew, while {model} was active.</source>
        <translation>Entrenado de nuevo mientras {model} estaba activo.</translation>
    </message>
    <message>
        <source>Made by the training {run}, of the labels of {when}: {train:,} frames to train on, {val:,} to validate, {test:,} to test.</source>
        <translation>Hecho por el entrenamiento {run}, con las etiquetas de {when}: {train:,} imágenes para entrenar, {val:,} para validar, {test:,} para probar.</translation>
    </message>
    <message>
        <source>Made {when}; {origin}.</source>
        <translation>Hecho el {when}; {origin}.</translation>
    </message>
    <message>
        <source>Accuracy {accuracy:.1f} % ({low:.1f} to {high:.1f}), macro F1 {f1}, n = {n:,}: {frames}.</source>
        <translation>Exactitud {accuracy:.1f} % ({low:.1f} a {high:.1f}), F1 macro {f1}, n = {n:,}: {frames}.</translation>
    </message>
    <message>
        <source>Active since {when}, by {reader}: {why}.</source>
        <translation>Activo desde {when}, por {reader}: {why}.</translation>
    </message>
    <message>
        <source>Made active last on {when}, by {reader}: {why}.</source>
        <translation>Activado por última vez el {when}, por {reader}: {why}.</translation>
    </message>
    <message>
        <source>Stopped by {reader} after epoch {epoch:,} of {of:,} ({phase}): the best so far was kept.</source>
        <translation>Detenido por {reader} tras la época {epoch:,} de {of:,} ({phase}): se conservó el mejor hasta entonces.</translation>
    </message>
    <message>
        <source>training the head</source>
        <translation>entrenamiento del cabezal</translation>
    </message>
    <message>
        <source>somebody</source>
        <translation>alguien</translation>
    </message>
    <message>
        <source>an ensemble of {n} networks</source>
        <translation>un conjunto de {n} redes</translation>
    </message>
    <message>
        <source>was trained elsewhere</source>
        <translation>se entrenó en otro lugar</translation>
    </message>
    <message>
        <source>{run}, whose list of frames is damaged</source>
        <translation>{run}, cuya lista de imágenes está dañada</translation>
    </message>
    <message>
        <source>test frames of the training {run} (split {split})</source>
        <translation>imágenes de prueba del entrenamiento {run} (división {split})</translation>
    </message>
    <message>
        <source>test frames of a training elsewhere (split {split})</source>
        <translation>imágenes de prueba de un entrenamiento en otro lugar (división {split})</translation>
    </message>
    <message>
        <source>There is no model whose features could be learnt from: add one, or train one.</source>
        <translation>No hay ningún modelo de cuyas características se pueda aprender: añada uno o entrene uno.</translation>
    </message>
    <message>
        <source>Two classes at least need {folds} groups of frames each, to be learnt and held out; this project has {counts}.</source>
        <translation>Al menos dos clases necesitan {folds} grupos de imágenes cada una, para aprender y reservar; este proyecto tiene {counts}.</translation>
    </message>
    <message>
        <source>Files that could not be read, and do not count: {n:,}.</source>
        <translation>Archivos que no se pudieron leer y no cuentan: {n:,}.</translation>
    </message>
    <message>
        <source>What the backbone of {model} has learnt from is not known here: were it from these frames, the figures would be too good.</source>
        <translation>Aquí no se sabe de qué aprendió la red base de {model}: si fue de estas imágenes, las cifras son demasiado buenas.</translation>
    </message>
    <message>
        <source>The backbone of {model} has learnt from some of these frames ({n:,}): the figures are too good, the curve too level.</source>
        <translation>La red base de {model} aprendió de algunas de estas imágenes ({n:,}): las cifras son demasiado buenas y la curva, demasiado plana.</translation>
    </message>
    <message>
        <source>{name}: it has {groups} groups of frames and is left out; {least} are needed to learn and hold out, {enough} to tell.</source>
        <translation>{name}: tiene {groups} grupos de imágenes y queda fuera; hacen falta {least} para aprender y reservar, {enough} para juzgar.</translation>
    </message>
    <message>
        <source>Heads were learnt anew on the features of {model}, whose backbone stays as it is: a full training may gain more.</source>
        <translation>Los cabezales aprendieron de nuevo sobre las características de {model}, cuya red base no cambia: un entrenamiento completo puede ganar más.</translation>
    </message>
    <message>
        <source>All frames are this project&apos;s: it says nothing of other hospitals. Research use only.</source>
        <translation>Todas las imágenes son de este proyecto: no dice nada de otros hospitales. Solo para investigación.</translation>
    </message>
    <message>
        <source>More labels of {names} would help most.</source>
        <translation>Más etiquetas de {names} serían lo que más ayudaría.</translation>
    </message>
    <message>
        <source>More labels would help, though of no one class more than of another.</source>
        <translation>Más etiquetas ayudarían, aunque de ninguna clase más que de otra.</translation>
    </message>
    <message>
        <source>There are too few groups of frames to tell whether more labels would help.</source>
        <translation>Hay demasiado pocos grupos de imágenes para saber si más etiquetas ayudarían.</translation>
    </message>
    <message>
        <source>More labels of this kind would change little, except perhaps of {names}: too few groups to tell.</source>
        <translation>Más etiquetas de este tipo cambiarían poco, salvo quizá de {names}: demasiado pocos grupos para saberlo.</translation>
    </message>
    <message>
        <source>More labels of this kind would change little.</source>
        <translation>Más etiquetas de este tipo cambiarían poco.</translation>
    </message>
    <message>
        <source>{name}: recall still rose from 75 to 100 % of the labels, by {low:.1f} to {high:.1f} points.</source>
        <translation>{name}: la sensibilidad aún subió del 75 al 100 % de las etiquetas, de {low:.1f} a {high:.1f} puntos.</translation>
    </message>
    <message>
        <source>{name}: recall fell from 75 to 100 % of the labels, by {least:.1f} to {greatest:.1f} points: look at its labels.</source>
        <translation>{name}: la sensibilidad bajó del 75 al 100 % de las etiquetas, de {least:.1f} a {greatest:.1f} puntos: revise sus etiquetas.</translation>
    </message>
    <message>
        <source>{name}: recall is level from 75 to 100 % of the labels; a gain of more than {most:.1f} points is excluded.</source>
        <translation>{name}: la sensibilidad se mantiene del 75 al 100 % de las etiquetas; se excluye una ganancia de más de {most:.1f} puntos.</translation>
    </message>
    <message>
        <source>{name}: no gain is proven, and {groups:,} groups of frames are too few to exclude one of up to {most:.1f} points.</source>
        <translation>{name}: no hay ganancia probada, y {groups:,} grupos de imágenes son demasiado pocos para excluir una de hasta {most:.1f} puntos.</translation>
    </message>
    <message>
        <source>{name}: {groups:,} groups of frames are too few to tell; {enough} are needed.</source>
        <translation>{name}: {groups:,} grupos de imágenes son demasiado pocos para juzgar; hacen falta {enough}.</translation>
    </message>
    <message>
        <source>A model&apos;s name has at most {name} letters, its note at most {note}.</source>
        <translation>El nombre de un modelo tiene como máximo {name} letras, y su nota {note}.</translation>
    </message>
    <message>
        <source>The active model cannot be deleted: make another one the active one first.</source>
        <translation>El modelo activo no se puede eliminar: active antes otro.</translation>
    </message>
    <message>
        <source>This model comes with EndoDesk: it stays to go back to.</source>
        <translation>Este modelo viene con EndoDesk: se queda para poder volver a él.</translation>
    </message>
    <message>
        <source>This model lies outside the project, in {folder}: delete it there.</source>
        <translation>Este modelo está fuera del proyecto, en {folder}: elimínelo allí.</translation>
    </message>
    <message>
        <source>The model&apos;s files could not be deleted: {reason}.</source>
        <translation>No se pudieron eliminar los archivos del modelo: {reason}.</translation>
    </message>
    <message>
        <source>{folder} is there already; nothing is written over it. Name another place.</source>
        <translation>{folder} ya existe; no se escribe encima. Indique otro lugar.</translation>
    </message>
    <message>
        <source>Name and note</source>
        <translation>Nombre y nota</translation>
    </message>
    <message>
        <source>Name (empty: as it came)</source>
        <translation>Nombre (vacío: como vino)</translation>
    </message>
    <message>
        <source>Note, for whoever chooses a model</source>
        <translation>Nota, para quien elija un modelo</translation>
    </message>
    <message>
        <source>Rule for new models</source>
        <translation>Regla para modelos nuevos</translation>
    </message>
    <message>
        <source>A new model is used without a reason only where its figures on the same test frames are not much worse than those of the active one. Who changes this rule goes on record, and so does the rule with each decision.</source>
        <translation>Un modelo nuevo se usa sin dar un motivo solo si sus cifras en las mismas imágenes de prueba no son mucho peores que las del activo. Quién cambia esta regla queda registrado, y también la regla con cada decisión.</translation>
    </message>
    <message>
        <source>Macro F1 may be lower by, at the lower end of its 95 % interval</source>
        <translation>El F1 macro puede ser menor, en el extremo inferior de su intervalo del 95 %, en</translation>
    </message>
    <message>
        <source>The recall of any class may be lower by</source>
        <translation>La sensibilidad de cualquier clase puede ser menor en</translation>
    </message>
    <message>
        <source> points</source>
        <translation> puntos</translation>
    </message>
    <message>
        <source>Learning as you label</source>
        <translation>Aprendiendo mientras etiqueta</translation>
    </message>
    <message>
        <source>It learns from what holds of all readers: leave your reading list, or turn View &gt; Only my own labels off.</source>
        <translation>Aprende de lo que vale para todos los lectores: deje su lista de lectura, o desactive Ver &gt; Solo mis etiquetas.</translation>
    </message>
    <message>
        <source>It goes on from the active model, and there is none: Model &gt; Retrain makes one.</source>
        <translation>Continúa el modelo activo, y no hay ninguno: Modelo &gt; Reentrenar hace uno.</translation>
    </message>
    <message>
        <source>It takes two classes with at least {n} labelled frames each.</source>
        <translation>Hacen falta dos clases con al menos {n} imágenes etiquetadas cada una.</translation>
    </message>
    <message>
        <source>A candidate has learnt from your labels: Model &gt; Learn as I label shows it. Nothing was changed.</source>
        <translation>Un candidato ha aprendido de sus etiquetas: Modelo &gt; Aprender mientras etiqueto lo muestra. No se ha cambiado nada.</translation>
    </message>
    <message>
        <source>It could not learn from your labels: {reason}</source>
        <translation>No pudo aprender de sus etiquetas: {reason}</translation>
    </message>
    <message>
        <source>Learn as I label</source>
        <translation>Aprender mientras etiqueto</translation>
    </message>
    <message>
        <source>&amp;Learn as I label, after every</source>
        <translation>&amp;Aprender mientras etiqueto, cada</translation>
    </message>
    <message>
        <source> labels</source>
        <translation> etiquetas</translation>
    </message>
    <message>
        <source>Labels after which it learns</source>
        <translation>Etiquetas tras las que aprende</translation>
    </message>
    <message>
        <source>&amp;Queues are made by the candidate&apos;s answers, where there is one</source>
        <translation>Las &amp;colas se hacen con las respuestas del candidato, si lo hay</translation>
    </message>
    <message>
        <source>Learn &amp;now</source>
        <translation>Aprender a&amp;hora</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Parar</translation>
    </message>
    <message>
        <source>The last layers of the active model learn on in the background, at low priority. What comes of it is a candidate: it answers nothing until you use it, and the next one takes its place.</source>
        <translation>Las últimas capas del modelo activo siguen aprendiendo en segundo plano, con prioridad baja. El resultado es un candidato: no responde nada hasta que usted lo use, y el siguiente ocupa su lugar.</translation>
    </message>
    <message>
        <source>It learns. You can go on labelling: labels given from now on are for the next time.</source>
        <translation>Está aprendiendo. Puede seguir etiquetando: las etiquetas que dé desde ahora son para la próxima vez.</translation>
    </message>
    <message>
        <source>A candidate of {time}; nothing was changed.</source>
        <translation>Un candidato de las {time}; no se ha cambiado nada.</translation>
    </message>
    <message>
        <source>It learns after 1 label more.</source>
        <translation>Aprende tras 1 etiqueta más.</translation>
    </message>
    <message>
        <source>It learns after {n:,} labels more.</source>
        <translation>Aprende tras {n:,} etiquetas más.</translation>
    </message>
    <message>
        <source>A training of this project is under way. Open the project&apos;s window and wait for it, or stop it there.</source>
        <translation>Hay un entrenamiento de este proyecto en curso. Abra la ventana del proyecto y espere a que termine, o deténgalo allí.</translation>
    </message>
    <message>
        <source>what holds</source>
        <translation>lo que vale</translation>
    </message>
    <message>
        <source>class folder</source>
        <translation>carpeta de clase</translation>
    </message>
    <message>
        <source>model</source>
        <translation>modelo</translation>
    </message>
    <message>
        <source>{reader} (you)</source>
        <translation>{reader} (uno mismo)</translation>
    </message>
    <message>
        <source>What models say is kept from you. Turn View &gt; Blind first off to see where they differ.</source>
        <translation>Lo que dicen los modelos está oculto. Desactivar Ver &gt; Primero a ciegas para ver en qué difieren.</translation>
    </message>
    <message>
        <source>There is no active model to compare with.</source>
        <translation>No hay ningún modelo activo con el que comparar.</translation>
    </message>
    <message>
        <source>Frames that do not count, since they could not be read, or hold something else by now: {n:,}.</source>
        <translation>Imágenes que no cuentan, porque no se pudieron leer o ya contienen otra cosa: {n:,}.</translation>
    </message>
    <message>
        <source>Frames with a label that one of the models cannot say: {n:,}.</source>
        <translation>Imágenes con una etiqueta que uno de los modelos no puede decir: {n:,}.</translation>
    </message>
    <message>
        <source>{model} was not trained in this project, so its mistakes are not known here.</source>
        <translation>{model} no se entrenó en este proyecto, así que aquí no se conocen sus errores.</translation>
    </message>
    <message>
        <source>The training {run} kept no list of its mistakes: it was made by an older EndoDesk.</source>
        <translation>El entrenamiento {run} no guardó ninguna lista de sus errores: lo hizo un EndoDesk más antiguo.</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>Matriz</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Filas</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Columnas</translation>
    </message>
    <message>
        <source>What counts</source>
        <translation>Qué se cuenta</translation>
    </message>
    <message>
        <source>By frame</source>
        <translation>Por imagen</translation>
    </message>
    <message>
        <source>&amp;Without frames that the model has learnt from</source>
        <translation>&amp;Sin las imágenes de las que ha aprendido el modelo</translation>
    </message>
    <message>
        <source>A click on a cell, or Enter, shows its frames in the main window.</source>
        <translation>Un clic en una celda, o Intro, muestra sus imágenes en la ventana principal.</translation>
    </message>
    <message>
        <source>Frames are being looked at ...</source>
        <translation>Se están mirando las imágenes ...</translation>
    </message>
    <message>
        <source>There is nothing of which both say a class.</source>
        <translation>No hay nada de lo que ambos digan una clase.</translation>
    </message>
    <message>
        <source>Blind first: the model&apos;s answers count for frames alone that you have labelled.</source>
        <translation>Primero a ciegas: las respuestas del modelo cuentan solo en las imágenes con etiqueta propia.</translation>
    </message>
    <message>
        <source>Cases that do not count, since as many of their frames are called one class as another: {n:,}.</source>
        <translation>Casos que no cuentan, porque tantas de sus imágenes se llaman de una clase como de otra: {n:,}.</translation>
    </message>
    <message>
        <source>What holds follows from what readers and class folders say: it agrees with them the more often for that.</source>
        <translation>Lo que vale se sigue de lo que dicen los lectores y las carpetas de clase: por eso coincide más a menudo con ellos.</translation>
    </message>
    <message>
        <source>Accuracy {figure}</source>
        <translation>Exactitud {figure}</translation>
    </message>
    <message>
        <source>Agreement {figure}</source>
        <translation>Concordancia {figure}</translation>
    </message>
    <message>
        <source>n = {n:,} cases.</source>
        <translation>n = {n:,} casos.</translation>
    </message>
    <message>
        <source>n = {n:,} frames.</source>
        <translation>n = {n:,} imágenes.</translation>
    </message>
    <message>
        <source>Cohen&apos;s kappa {figure}.</source>
        <translation>kappa de Cohen {figure}.</translation>
    </message>
    <message>
        <source>95 % intervals, whole cases resampled.</source>
        <translation>Intervalos del 95 %, remuestreando casos enteros.</translation>
    </message>
    <message>
        <source>There is no frame in this cell.</source>
        <translation>No hay ninguna imagen en esta celda.</translation>
    </message>
    <message>
        <source>both say a class</source>
        <translation>ambos dicen una clase</translation>
    </message>
    <message>
        <source>{n:,} frames are shown in the main window, until another order is chosen there.</source>
        <translation>{n:,} imágenes se muestran en la ventana principal, hasta que se elija allí otro orden.</translation>
    </message>
    <message>
        <source>{shown:,} of {n:,} frames are shown in the main window: a filter hides the others. Esc there shows all.</source>
        <translation>{shown:,} de {n:,} imágenes se muestran en la ventana principal: un filtro oculta las demás. Esc allí las muestra todas.</translation>
    </message>
    <message>
        <source>is not defined</source>
        <translation>no está definida</translation>
    </message>
    <message>
        <source>{value} ({low} to {high})</source>
        <translation>{value} ({low} a {high})</translation>
    </message>
    <message>
        <source>Mistakes of {model}</source>
        <translation>Errores de {model}</translation>
    </message>
    <message>
        <source>Reading the mistakes ...</source>
        <translation>Leyendo los errores ...</translation>
    </message>
    <message>
        <source>Test frames of the training {run}, with the labels that they had then; the surest mistakes first.</source>
        <translation>Imágenes de prueba del entrenamiento {run}, con las etiquetas que tenían entonces; primero los errores más seguros.</translation>
    </message>
    <message>
        <source>Mistakes on the test frames</source>
        <translation>Errores en las imágenes de prueba</translation>
    </message>
    <message>
        <source>{mistakes:,} of {n:,} answers are not the label.</source>
        <translation>{mistakes:,} de {n:,} respuestas no son la etiqueta.</translation>
    </message>
    <message>
        <source>{mistakes:,} answers are not the label.</source>
        <translation>{mistakes:,} respuestas no son la etiqueta.</translation>
    </message>
    <message>
        <source>labelled {label}
answer: {answer}
{confidence:.0f} %; of the label {of_label:.0f} %</source>
        <translation>etiqueta: {label}
respuesta: {answer}
{confidence:.0f} %; de la etiqueta {of_label:.0f} %</translation>
    </message>
    <message>
        <source>Compare &amp;again</source>
        <translation>Comparar de &amp;nuevo</translation>
    </message>
    <message>
        <source>New model and active one on all frames</source>
        <translation>El modelo nuevo y el activo en todas las imágenes</translation>
    </message>
    <message>
        <source>Which frames</source>
        <translation>Qué imágenes</translation>
    </message>
    <message>
        <source>Frames with another answer</source>
        <translation>Imágenes con otra respuesta</translation>
    </message>
    <message>
        <source>&amp;By correction ...</source>
        <translation>&amp;Por corrección ...</translation>
    </message>
    <message>
        <source>Which of them each correction moved</source>
        <translation>Cuáles de ellas movió cada corrección</translation>
    </message>
    <message>
        <source>Comparing the two models on all frames ...</source>
        <translation>Comparando los dos modelos en todas las imágenes ...</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Comparar</translation>
    </message>
    <message>
        <source>Compare models</source>
        <translation>Comparar modelos</translation>
    </message>
    <message>
        <source>Test frames of the newest training of either</source>
        <translation>Imágenes de prueba del entrenamiento más reciente de uno de los dos</translation>
    </message>
    <message>
        <source>All labelled frames of this project</source>
        <translation>Todas las imágenes etiquetadas de este proyecto</translation>
    </message>
    <message>
        <source>Another hospital: a folder of class folders ...</source>
        <translation>Otro hospital: una carpeta de carpetas de clases ...</translation>
    </message>
    <message>
        <source>Beside</source>
        <translation>Junto a</translation>
    </message>
    <message>
        <source>On</source>
        <translation>En</translation>
    </message>
    <message>
        <source>With the &amp;source of the frames hidden as well (rim, corners, colours)</source>
        <translation>También con el &amp;origen de las imágenes oculto (borde, esquinas, colores)</translation>
    </message>
    <message>
        <source>Folder of class folders</source>
        <translation>Carpeta de carpetas de clases</translation>
    </message>
    <message>
        <source>Another hospital: {folder}</source>
        <translation>Otro hospital: {folder}</translation>
    </message>
    <message>
        <source>Choose two models.</source>
        <translation>Elija dos modelos.</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>Comparando</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Detenido.</translation>
    </message>
    <message>
        <source>{mended:,} mended, {broken:,} broken, {changed:,} changed otherwise, of {n:,} frames.</source>
        <translation>{mended:,} corregidas, {broken:,} estropeadas, {changed:,} cambiadas de otro modo, de {n:,} imágenes.</translation>
    </message>
    <message>
        <source>{labelled:,} of them have a label. The test frames alone say which model is better.</source>
        <translation>{labelled:,} de ellas tienen etiqueta. Solo las imágenes de prueba dicen qué modelo es mejor.</translation>
    </message>
    <message>
        <source>All ({n:,})</source>
        <translation>Todas ({n:,})</translation>
    </message>
    <message>
        <source>Broken ({n:,})</source>
        <translation>Estropeadas ({n:,})</translation>
    </message>
    <message>
        <source>Changed otherwise ({n:,})</source>
        <translation>Cambiadas de otro modo ({n:,})</translation>
    </message>
    <message>
        <source>Mended ({n:,})</source>
        <translation>Corregidas ({n:,})</translation>
    </message>
    <message>
        <source>Class folder</source>
        <translation>Carpeta de clase</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Parte</translation>
    </message>
    <message>
        <source>Answers changed</source>
        <translation>Respuestas cambiadas</translation>
    </message>
    <message>
        <source>Frames moved</source>
        <translation>Imágenes movidas</translation>
    </message>
    <message>
        <source>Look &amp;again</source>
        <translation>Mirar otra &amp;vez</translation>
    </message>
    <message>
        <source>What corrections did</source>
        <translation>Qué hicieron las correcciones</translation>
    </message>
    <message>
        <source>Corrections</source>
        <translation>Correcciones</translation>
    </message>
    <message>
        <source>The correction, and the frames that it moved most</source>
        <translation>La corrección y las imágenes que más movió</translation>
    </message>
    <message>
        <source>Looking at what each correction did ...</source>
        <translation>Mirando qué hizo cada corrección ...</translation>
    </message>
    <message>
        <source>Will it work here?</source>
        <translation>¿Funcionará aquí?</translation>
    </message>
    <message>
        <source>&amp;Show the frames to label</source>
        <translation>&amp;Mostrar las imágenes por etiquetar</translation>
    </message>
    <message>
        <source>&amp;Choose frames to label</source>
        <translation>&amp;Elegir imágenes para etiquetar</translation>
    </message>
    <message>
        <source>Choose &amp;others</source>
        <translation>Elegir o&amp;tras</translation>
    </message>
    <message>
        <source>&amp;Only the frames that are shown</source>
        <translation>S&amp;olo las imágenes que se muestran</translation>
    </message>
    <message>
        <source>Filter the gallery first, such as by the folder of a hospital</source>
        <translation>Filtre antes la galería, por ejemplo por la carpeta de un hospital</translation>
    </message>
    <message>
        <source>&amp;Look again</source>
        <translation>&amp;Volver a mirar</translation>
    </message>
    <message>
        <source>Open a folder first (Ctrl+O).</source>
        <translation>Abra primero una carpeta (Ctrl+O).</translation>
    </message>
    <message>
        <source>Looking</source>
        <translation>Mirando</translation>
    </message>
    <message>
        <source>Called so</source>
        <translation>Así llamadas</translation>
    </message>
    <message>
        <source>Recall (95 % interval)</source>
        <translation>Sensibilidad (intervalo del 95 %)</translation>
    </message>
    <message>
        <source>Specificity (95 % interval)</source>
        <translation>Especificidad (intervalo del 95 %)</translation>
    </message>
    <message>
        <source>{n} of {total} to label</source>
        <translation>{n} de {total} por etiquetar</translation>
    </message>
    <message>
        <source>Corrections in the training of {model}: {n:,}, of which it learnt from {learnt:,}.</source>
        <translation>Correcciones en el entrenamiento de {model}: {n:,}, de las que aprendió de {learnt:,}.</translation>
    </message>
    <message>
        <source>How the scores of {n:,} frames would differ without each of them, by a least-squares head on what the model sees: near what a training makes of it, which depends on chance as well. Whether they made the model better, the comparison tells.</source>
        <translation>Cómo diferirían las puntuaciones de {n:,} imágenes sin cada una de ellas, según un cabezal de mínimos cuadrados sobre lo que el modelo ve: cerca de lo que hace de ello un entrenamiento, que depende también del azar. Si mejoraron el modelo, lo dice la comparación.</translation>
    </message>
    <message>
        <source>The first {n:,} are shown.</source>
        <translation>Se muestran las primeras {n:,}.</translation>
    </message>
    <message>
        <source>to train on</source>
        <translation>para entrenar</translation>
    </message>
    <message>
        <source>to validate</source>
        <translation>para validar</translation>
    </message>
    <message>
        <source>to test</source>
        <translation>para probar</translation>
    </message>
    <message>
        <source>no class</source>
        <translation>ninguna clase</translation>
    </message>
    <message>
        <source>Trainings that had it with this label: {trainings}.</source>
        <translation>Entrenamientos que la tuvieron con esta etiqueta: {trainings}.</translation>
    </message>
    <message>
        <source>the correction
label: {label}
class folder: {before}</source>
        <translation>la corrección
etiqueta: {label}
carpeta de clase: {before}</translation>
    </message>
    <message>
        <source>{points:+.1f} points {towards}</source>
        <translation>{points:+.1f} puntos {towards}</translation>
    </message>
    <message>
        <source>answer: {answer}</source>
        <translation>respuesta: {answer}</translation>
    </message>
    <message>
        <source>answer: {answer}, not {without}</source>
        <translation>respuesta: {answer}, no {without}</translation>
    </message>
    <message>
        <source>labelled {label}</source>
        <translation>etiqueta: {label}</translation>
    </message>
    <message>
        <source>The proof {file} cannot be read: {reason}.</source>
        <translation>La prueba firmada {file} no se puede leer: {reason}.</translation>
    </message>
    <message>
        <source>{file} is too large to be a proof.</source>
        <translation>{file} es demasiado grande para ser una prueba.</translation>
    </message>
    <message>
        <source>The proof was made by a newer EndoDesk; check it with that.</source>
        <translation>La prueba firmada la hizo un EndoDesk más nuevo; compruébela con ese.</translation>
    </message>
    <message>
        <source>{file} was changed: it is no proof of a model.</source>
        <translation>{file} fue cambiado: no es la prueba de un modelo.</translation>
    </message>
    <message>
        <source>{file} was changed: it is not as it was signed.</source>
        <translation>{file} fue cambiado: no es como se firmó.</translation>
    </message>
    <message>
        <source>It is signed with another key than {name} had here before: compare fingerprints.</source>
        <translation>Está firmado con otra clave que la que {name} tenía aquí antes: comparen las huellas.</translation>
    </message>
    <message>
        <source>{file} of the model is not the file that was signed.</source>
        <translation>{file} del modelo no es el archivo que se firmó.</translation>
    </message>
    <message>
        <source>The model&apos;s classes, preprocessing or temperature are not those that were signed.</source>
        <translation>Las clases, el preprocesado o la temperatura del modelo no son los que se firmaron.</translation>
    </message>
    <message>
        <source>The model names another training than was signed.</source>
        <translation>El modelo nombra otro entrenamiento que el que se firmó.</translation>
    </message>
    <message>
        <source>{key} is {now} among the model&apos;s figures; {signed} was signed.</source>
        <translation>{key} es {now} entre las cifras del modelo; se firmó {signed}.</translation>
    </message>
    <message>
        <source>the key of this account</source>
        <translation>la clave de esta cuenta</translation>
    </message>
    <message>
        <source>the key that this name has always had here</source>
        <translation>la clave que este nombre siempre ha tenido aquí</translation>
    </message>
    <message>
        <source>a key that is not known here: compare its fingerprint with its owner&apos;s</source>
        <translation>una clave que aquí no se conoce: compare su huella con la de su dueño</translation>
    </message>
    <message>
        <source>another key than this name had here before</source>
        <translation>otra clave que la que este nombre tenía aquí antes</translation>
    </message>
    <message>
        <source>Signed by {name} on {made}, with {trust} ({fingerprint}).</source>
        <translation>Firmado por {name} el {made}, con {trust} ({fingerprint}).</translation>
    </message>
    <message>
        <source>And {n:,} more.</source>
        <translation>Y {n:,} más.</translation>
    </message>
    <message>
        <source>not there</source>
        <translation>no está</translation>
    </message>
    <message>
        <source>{file} of the training is missing.</source>
        <translation>Falta {file} del entrenamiento.</translation>
    </message>
    <message>
        <source>{file} of the training was not there when it was signed.</source>
        <translation>{file} del entrenamiento no estaba cuando se firmó.</translation>
    </message>
    <message>
        <source>{file} of the training was changed.</source>
        <translation>{file} del entrenamiento fue cambiado.</translation>
    </message>
    <message>
        <source>Event {n:,} of the record is missing, up to which the labels were taken on {date}.</source>
        <translation>Falta el suceso {n:,} del registro, hasta el que se tomaron las etiquetas el {date}.</translation>
    </message>
    <message>
        <source>Event {n:,} of the record is another one than when the labels were taken on {date}.</source>
        <translation>El suceso {n:,} del registro es otro que cuando se tomaron las etiquetas el {date}.</translation>
    </message>
    <message>
        <source>The record of that time calls {frame} {said}; the training took {label}.</source>
        <translation>El registro de entonces llama a {frame} {said}; el entrenamiento tomó {label}.</translation>
    </message>
    <message>
        <source>undecided</source>
        <translation>sin decidir</translation>
    </message>
    <message>
        <source>set aside</source>
        <translation>apartada</translation>
    </message>
    <message>
        <source>without a label</source>
        <translation>sin etiqueta</translation>
    </message>
    <message>
        <source>{frame} was {then}, now {now}</source>
        <translation>{frame} era {then}, ahora {now}</translation>
    </message>
    <message>
        <source>and {n:,} more</source>
        <translation>y {n:,} más</translation>
    </message>
    <message>
        <source>1 label is not as it was: {labels}.</source>
        <translation>1 etiqueta no es como era: {labels}.</translation>
    </message>
    <message>
        <source>{n:,} labels are not as they were: {labels}.</source>
        <translation>{n:,} etiquetas no son como eran: {labels}.</translation>
    </message>
    <message>
        <source>{frame} is not the picture that it was.</source>
        <translation>{frame} no es la imagen que era.</translation>
    </message>
    <message>
        <source>{frame} is not here any more.</source>
        <translation>{frame} ya no está aquí.</translation>
    </message>
    <message>
        <source>{key} is {now} in the training&apos;s configuration; {signed} was signed.</source>
        <translation>{key} es {now} en la configuración del entrenamiento; se firmó {signed}.</translation>
    </message>
    <message>
        <source>{key} is {now} in the training&apos;s figures; {signed} was signed.</source>
        <translation>{key} es {now} en las cifras del entrenamiento; se firmó {signed}.</translation>
    </message>
    <message>
        <source>{frame} is {now} in the training&apos;s list of frames; {signed} was signed.</source>
        <translation>{frame} es {now} en la lista de imágenes del entrenamiento; se firmó {signed}.</translation>
    </message>
    <message>
        <source>{frame} was put into the training&apos;s list of frames after it was signed.</source>
        <translation>{frame} se puso en la lista de imágenes del entrenamiento después de firmarla.</translation>
    </message>
    <message>
        <source>{frame} is missing from the training&apos;s list of frames; {label} was signed.</source>
        <translation>{frame} falta en la lista de imágenes del entrenamiento; se firmó {label}.</translation>
    </message>
    <message>
        <source>Frames that are missing from the training&apos;s list: {n:,}.</source>
        <translation>Imágenes que faltan en la lista del entrenamiento: {n:,}.</translation>
    </message>
    <message>
        <source>The model has no proof: its training was begun by an older EndoDesk.</source>
        <translation>El modelo no tiene prueba firmada: su entrenamiento lo empezó un EndoDesk más antiguo.</translation>
    </message>
    <message>
        <source>The model has no proof: {reason}</source>
        <translation>El modelo no tiene prueba firmada: {reason}</translation>
    </message>
    <message>
        <source>Its training is not in this project: what it was made of cannot be looked at, nor trained anew.</source>
        <translation>Su entrenamiento no está en este proyecto: no se puede ver de qué se hizo, ni entrenarlo de nuevo.</translation>
    </message>
    <message>
        <source>Made with {key} {signed}, here with {now}.</source>
        <translation>Hecho con {key} {signed}, aquí con {now}.</translation>
    </message>
    <message>
        <source>This model has no proof: it was trained by an older EndoDesk, or elsewhere. What it was made of cannot be told for sure. Retrain: the new model will have one.</source>
        <translation>Este modelo no tiene prueba firmada: lo entrenó un EndoDesk más antiguo, o se entrenó en otro lugar. No se puede decir con seguridad de qué se hizo. Reentrene: el nuevo modelo la tendrá.</translation>
    </message>
    <message>
        <source>The training&apos;s list of frames is not the one that the model names.</source>
        <translation>La lista de imágenes del entrenamiento no es la que el modelo nombra.</translation>
    </message>
    <message>
        <source>As signed: weights, figures, configuration, split, the labels of {n:,} frames, and the record up to event {event:,} of {date}.</source>
        <translation>Como se firmó: pesos, cifras, configuración, partición, las etiquetas de {n:,} imágenes y el registro hasta el suceso {event:,} del {date}.</translation>
    </message>
    <message>
        <source>The model that it goes on from ({model}) is not here any more.</source>
        <translation>El modelo del que parte ({model}) ya no está aquí.</translation>
    </message>
    <message>
        <source>It was stopped after epoch {epoch:,} while its learning rate was falling: such an end cannot be repeated.</source>
        <translation>Se detuvo tras la época {epoch:,} mientras bajaba su tasa de aprendizaje: un final así no se puede repetir.</translation>
    </message>
    <message>
        <source>It began with weights from Keras online, which nothing fetches here: it cannot be trained anew.</source>
        <translation>Empezó con pesos de Keras en línea, que aquí nada descarga: no se puede entrenar de nuevo.</translation>
    </message>
    <message>
        <source>The head is of another size.</source>
        <translation>El cabezal es de otro tamaño.</translation>
    </message>
    <message>
        <source>The head is not the same to the last digit: {n:,} of {all:,} numbers differ, by up to {greatest:.2g}.</source>
        <translation>El cabezal no es igual hasta la última cifra: {n:,} de {all:,} números difieren, en hasta {greatest:.2g}.</translation>
    </message>
    <message>
        <source>The temperature was {then}, and is {now} now.</source>
        <translation>La temperatura era {then} y ahora es {now}.</translation>
    </message>
    <message>
        <source>Trained anew: {figures}. Signed: {signed}.</source>
        <translation>Entrenado de nuevo: {figures}. Firmado: {signed}.</translation>
    </message>
    <message>
        <source>{key} is {now} when trained anew; {signed} was signed.</source>
        <translation>{key} es {now} al entrenar de nuevo; se firmó {signed}.</translation>
    </message>
    <message>
        <source>Trained anew: all {n:,} numbers of the head are the same to the last digit, and so are {figures}. Difference: 0.</source>
        <translation>Entrenado de nuevo: los {n:,} números del cabezal son iguales hasta la última cifra, y también {figures}. Diferencia: 0.</translation>
    </message>
    <message>
        <source>The model tells no accuracy and macro F1 to compare with.</source>
        <translation>El modelo no da exactitud ni F1 macro con que comparar.</translation>
    </message>
    <message>
        <source>Trained anew: {figures}. Signed: {signed}. Difference: {accuracy:.4f} and {macro:.4f}; the tolerance is {tolerance:.3f}.</source>
        <translation>Entrenado de nuevo: {figures}. Firmado: {signed}. Diferencia: {accuracy:.4f} y {macro:.4f}; la tolerancia es {tolerance:.3f}.</translation>
    </message>
    <message>
        <source>Its weights are the same to the last digit.</source>
        <translation>Sus pesos son iguales hasta la última cifra.</translation>
    </message>
    <message>
        <source>accuracy {accuracy:.4f} and macro F1 {macro:.4f} on {n:,} test frames</source>
        <translation>exactitud {accuracy:.4f} y F1 macro {macro:.4f} en {n:,} imágenes de prueba</translation>
    </message>
    <message>
        <source>Training finished: see Model &gt; Retrain</source>
        <translation>Entrenamiento terminado: véase Modelo &gt; Reentrenar</translation>
    </message>
    <message>
        <source>Training cancelled: see Model &gt; Retrain</source>
        <translation>Entrenamiento cancelado: véase Modelo &gt; Reentrenar</translation>
    </message>
    <message>
        <source>Training failed: see Model &gt; Retrain</source>
        <translation>El entrenamiento falló: véase Modelo &gt; Reentrenar</translation>
    </message>
    <message>
        <source>What models say is kept from you. Turn View &gt; Blind first off to see what corrections did.</source>
        <translation>Lo que dicen los modelos se le oculta. Desactive Ver &gt; Primero a ciegas para ver qué hicieron las correcciones.</translation>
    </message>
    <message>
        <source>{model} is an ensemble: look at one of the models that it is made of.</source>
        <translation>{model} es un conjunto: mire uno de los modelos de los que está hecho.</translation>
    </message>
    <message>
        <source>{model} was not trained in this project, so what it learnt from is not known here.</source>
        <translation>{model} no se entrenó en este proyecto; de qué aprendió no se sabe aquí.</translation>
    </message>
    <message>
        <source>{model} has learnt from no correction: every label of its training is what the class folder says.</source>
        <translation>{model} no aprendió de ninguna corrección: cada etiqueta de su entrenamiento es lo que dice la carpeta de clase.</translation>
    </message>
    <message>
        <source>Frames of the training that are not here any more, and do not count: {n:,}.</source>
        <translation>Imágenes del entrenamiento que ya no están aquí y no cuentan: {n:,}.</translation>
    </message>
    <message>
        <source>Frames that could not be read, or hold something else by now: {n:,}.</source>
        <translation>Imágenes que no se pudieron leer o que ahora contienen otra cosa: {n:,}.</translation>
    </message>
    <message>
        <source>A centre&apos;s name has at most {n} letters.</source>
        <translation>El nombre de un centro tiene como mucho {n} letras.</translation>
    </message>
    <message>
        <source>Every frame of {label} comes from {centres}: what the model learns of it may be that hospital.</source>
        <translation>Todos los fotogramas de {label} vienen de {centres}: lo que el modelo aprenda de esa clase puede ser ese hospital.</translation>
    </message>
    <message>
        <source>From {centres} there are frames of {label} only: the model may learn that this device means {label}.</source>
        <translation>De {centres} solo hay fotogramas de {label}: el modelo puede aprender que ese aparato significa {label}.</translation>
    </message>
    <message>
        <source>From {centres} there are frames of {label} only: the model may learn that these devices mean {label}.</source>
        <translation>De {centres} solo hay fotogramas de {label}: el modelo puede aprender que esos aparatos significan {label}.</translation>
    </message>
    <message>
        <source>the centre without a name</source>
        <translation>el centro sin nombre</translation>
    </message>
    <message>
        <source>There is no model: add one, or train one.</source>
        <translation>No hay ningún modelo: añada uno o entrene uno.</translation>
    </message>
    <message>
        <source>There is no model: choose one under Model &gt; Models, and wait until it has answered.</source>
        <translation>No hay ningún modelo: elija uno en Modelo &gt; Modelos y espere hasta que haya respondido.</translation>
    </message>
    <message>
        <source>Too few frames are answered by now that the model has not learnt from: {n:,}; {least} are needed.</source>
        <translation>Por ahora hay muy pocas imágenes con respuesta de las que el modelo no haya aprendido: {n:,}; se necesitan {least}.</translation>
    </message>
    <message>
        <source>Among these {n:,} frames there are too few of any class to tell what the model finds.</source>
        <translation>Entre estas {n:,} imágenes hay muy pocas de cualquier clase para decir lo que el modelo encuentra.</translation>
    </message>
    <message>
        <source>Among these {n:,} frames {model} probably finds {share} of the {name}.</source>
        <translation>Entre estas {n:,} imágenes, {model} probablemente encuentra {share} de las de la clase {name}.</translation>
    </message>
    <message>
        <source>Among these {n:,} frames {model} finds {share} of the {name}, by their labels.</source>
        <translation>Entre estas {n:,} imágenes, {model} encuentra {share} de las de la clase {name}, según las etiquetas que tienen.</translation>
    </message>
    <message>
        <source>It was made from frames that look different:</source>
        <translation>Se hizo con imágenes de otro aspecto:</translation>
    </message>
    <message>
        <source>It was made from frames that look much the same:</source>
        <translation>Se hizo con imágenes de aspecto muy parecido:</translation>
    </message>
    <message>
        <source>{share:.0f} % of these lie farther away than 95 % of what it learnt.</source>
        <translation>el {share:.0f} % de estas está más lejos que el 95 % de lo que aprendió.</translation>
    </message>
    <message>
        <source>Frames were chosen to be labelled, but among {n:,} others: choose again to measure these.</source>
        <translation>Se eligieron imágenes para etiquetar, pero entre otras {n:,}: elija de nuevo para medir estas.</translation>
    </message>
    <message>
        <source>Frames without an answer yet, which do not count: {n:,}.</source>
        <translation>Imágenes aún sin respuesta, que no cuentan: {n:,}.</translation>
    </message>
    <message>
        <source>Frames that it has learnt from do not count: {n:,}.</source>
        <translation>Las imágenes de las que aprendió no cuentan: {n:,}.</translation>
    </message>
    <message>
        <source>What it has learnt from is not known here in full: were it these frames, the figures would be too good.</source>
        <translation>Aquí no se sabe por completo de qué aprendió: si fue de estas imágenes, las cifras son demasiado buenas.</translation>
    </message>
    <message>
        <source>Label {n} chosen frames to be sure: after the last one these figures are measured.</source>
        <translation>Para estar seguro, etiquete {n} imágenes elegidas: después de la última, estas cifras son medidas.</translation>
    </message>
    <message>
        <source>{done} of {n} chosen frames are labelled: after the last one these figures are measured.</source>
        <translation>{done} de {n} imágenes elegidas están etiquetadas: después de la última, estas cifras son medidas.</translation>
    </message>
    <message>
        <source>Label them before you look at the answer; View &gt; Blind first hides it.</source>
        <translation>Etiquételas antes de mirar la respuesta; Ver &gt; Primero a ciegas la oculta.</translation>
    </message>
    <message>
        <source>Measured by {n} labels of readers or folders, each for the frames it stands for; 95 % intervals. Research use only.</source>
        <translation>Medido con {n} etiquetas de lectores o de carpetas de clase, cada una contada por las imágenes a las que representa; intervalos del 95 %. Solo para investigación.</translation>
    </message>
    <message>
        <source>Estimated without labels: from how sure the model is, and how right such models were at hospitals that they did not know.</source>
        <translation>Estimado sin etiquetas: por lo seguro que está el modelo y por cuánto acertaron modelos así en hospitales que no conocían.</translation>
    </message>
    <message>
        <source>That was checked with polyps and normal mucosa alone; for other classes it is a guess. 95 % intervals. Research use only.</source>
        <translation>Se comprobó solo con pólipos y mucosa normal; para otras clases es una conjetura. Intervalos del 95 %. Solo para investigación.</translation>
    </message>
    <message>
        <source>{value:.2f} ({low:.2f} to {high:.2f})</source>
        <translation>{value:.2f} ({low:.2f} a {high:.2f})</translation>
    </message>
    <message>
        <source>What the model probably finds among these frames, without labels</source>
        <translation>Lo que el modelo probablemente encuentra entre estas imágenes, sin etiquetas</translation>
    </message>
    <message>
        <source>EndoDesk ended while this training ran, and so it was interrupted.</source>
        <translation>EndoDesk se cerró mientras este entrenamiento estaba en curso; por eso quedó interrumpido.</translation>
    </message>
</context>
</TS>
